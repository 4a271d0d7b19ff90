package dev.plumbline.agent.wire.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrpcFramesTest {
  private final List<GrpcFrames.Message> messages = new ArrayList<>();
  private final GrpcFrames frames = new GrpcFrames(10_000, messages::add);

  @Test
  void take_inAnyPieces_givesTheMessages() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      List<byte[]> sent = new ArrayList<>();
      ByteBuffer stream = ByteBuffer.allocate(100_000);
      for (int i = 0; i < 5; i++) {
        byte[] body = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(10_001)];
        random.nextBytes(body);
        sent.add(body);
        stream.put((byte) (i % 2)).putInt(body.length).put(body);
      }
      stream.flip();
      messages.clear();
      while (stream.hasRemaining()) {
        int size =
            Math.min(stream.remaining(), 1 + random.nextInt(random.nextBoolean() ? 4 : 9000));
        frames.take(stream.slice(stream.position(), size));
        stream.position(stream.position() + size);
      }
      assertThat(frames.whole()).isTrue();
      assertThat(messages).hasSize(5);
      for (int i = 0; i < 5; i++) {
        assertThat(messages.get(i).bytes()).isEqualTo(sent.get(i));
        assertThat(messages.get(i).compressed()).isEqualTo(i % 2 == 1);
      }
    }
  }

  @Test
  void take_overTheBound_breaksAndKeepsNothing() {
    frames.take(ByteBuffer.wrap(new byte[] {0, 0, 0, 0x27, 0x11, 1, 2, 3}));
    assertThat(frames.broken()).hasValueSatisfying(why -> assertThat(why).contains("10001"));
    frames.take(ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 0}));
    assertThat(messages).isEmpty();
    assertThat(frames.whole()).isFalse();
  }

  @Test
  void take_ofWhatIsNoFrame_breaks() {
    frames.take(ByteBuffer.wrap("HTTP/1.1 200".getBytes()));
    assertThat(frames.broken()).isPresent();
  }

  @Test
  void whole_withinAMessage_isFalse() {
    frames.take(ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 2, 9}));
    assertThat(frames.whole()).isFalse();
    assertThat(frames.broken()).isEmpty();
  }
}
