package dev.plumbline.agent.tap.cut;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseFilterTest {
  private static final List<Rule> RULES =
      List.of(Rule.cut("secret"), Rule.cut("choices.*.delta.secret"));

  @Test
  void feed_streamWithoutMatches_keepsEveryByte() {
    String stream =
        ": ping\r\n\r\nevent: x\nid: 1\ndata:{\"a\":1}\n\nda\ndata\ndata: {\"b\":\ndata: 2}\r\r"
            + "data: [DONE]\n\ndata: half {";
    assertThat(filter(stream)).isEqualTo(stream);
  }

  @Test
  void feed_member_isCutFromItsEvent() {
    assertThat(filter("data: {\"secret\":[1],\"text\":\"a\"}\r\n\r\ndata: [DONE]\r\n\r\n"))
        .isEqualTo("data: {\"text\":\"a\"}\r\n\r\ndata: [DONE]\r\n\r\n");
  }

  @Test
  void feed_eventOfTheMemberAlone_isDroppedWithItsEnd() {
    for (String end : List.of("\n\n", "\r\n\r\n", "\r\r")) {
      String first = "data: {\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}" + end;
      String extra =
          "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":null,\"secret\":[0.5]},"
              + "\"finish_reason\":null}],\"usage\":null}"
              + end;
      String done = "data: [DONE]" + end;
      assertThat(filter(first + extra + done)).isEqualTo(first + done);
      assertThat(filter("data: {\"secret\":{\"x\":1}}" + end + done)).isEqualTo(done);
    }
  }

  @Test
  void feed_eventThatSaysMore_stays() {
    String usage = "data: {\"choices\":[],\"usage\":{\"total\":3}";
    assertThat(filter(usage + ",\"secret\":1}\n\n")).isEqualTo(usage + "}\n\n");
    String finish = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]";
    assertThat(filter(finish + ",\"secret\":1}\n\n")).isEqualTo(finish + "}\n\n");
  }

  @Test
  void feed_emptyEventWithoutACut_stays() {
    assertThat(filter("data: {}\n\n")).isEqualTo("data: {}\n\n");
  }

  @Test
  void feed_memberOverSeveralDataLines_isCut() {
    assertThat(filter("data: {\"secret\":[1,\ndata: 2],\ndata: \"a\":1}\n\n"))
        .isEqualTo("data: {\ndata: \"a\":1}\n\n");
  }

  @Test
  void feed_hugeMember_isNotHeld() {
    String huge = "[" + "0.125,".repeat(200_000) + "1]";
    assertThat(filter("data: {\"a\":1,\"secret\":" + huge + "}\n\n"))
        .isEqualTo("data: {\"a\":1}\n\n");
  }

  @Test
  void feed_hugeEvent_goesOnBeforeItsEnd() {
    SseFilter filter = new SseFilter(RULES, new Nothing());
    byte[] begin =
        ("data: {\"a\":\"" + "x".repeat(SseFilter.HELD_BYTES)).getBytes(StandardCharsets.UTF_8);
    assertThat(filter.feed(begin)).hasSameSizeAs(begin);
  }

  private static String filter(String stream) {
    String passed = null;
    for (int seed = 0; seed < 20; seed++) {
      String now = filter(stream.getBytes(StandardCharsets.UTF_8), new Random(seed));
      assertThat(passed == null ? now : passed).isEqualTo(now);
      passed = now;
    }
    return passed;
  }

  private static String filter(byte[] bytes, Random random) {
    SseFilter filter = new SseFilter(RULES, new Nothing());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int most = bytes.length > 1000 ? 10_000 : 9;
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(1 + random.nextInt(most), bytes.length - at);
      out.writeBytes(filter.feed(Arrays.copyOfRange(bytes, at, at + length)));
      at += length;
    }
    out.writeBytes(filter.end());
    return out.toString(StandardCharsets.UTF_8);
  }

  private static final class Nothing implements Collector {
    @Override
    public ValueSink open(Rule rule, int position) {
      return (from, at, length) -> {};
    }

    @Override
    public void endDocument(boolean whole) {
      // Nothing was collected.
    }
  }
}
