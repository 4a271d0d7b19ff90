package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseParserTest {
  private static final String STREAM =
      "\uFEFFdata: a🙂\r\n\r\n: note\n\ndata:b\ndata: c\n\nevent: x\rdata:  d\r\rid: 1\n\ndata\n\ndata:\n\n";

  @Test
  void feed_everySplit_givesTheSameEvents() {
    Random random = new Random(7);
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 300; round++) {
      SseParser parser = new SseParser(100);
      List<String> events = new ArrayList<>();
      for (int at = 0; at < bytes.length; ) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(5));
        events.addAll(parser.feed(Arrays.copyOfRange(bytes, at, end)));
        at = end;
      }
      assertThat(events).containsExactly("a🙂", "b\nc", " d", "");
      assertThat(parser.pending()).isFalse();
    }
  }

  @Test
  void pending_afterACut_isTrue() {
    SseParser parser = new SseParser(100);
    assertThat(parser.feed("data: x\n".getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(parser.pending()).isTrue();
  }

  @Test
  void feed_eventOverTheBound_isRefused() {
    SseParser parser = new SseParser(10);
    assertThatThrownBy(() -> parser.feed("data: 0123456789".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("10");
  }
}
