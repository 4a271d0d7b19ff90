package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModelPeekTest {
  @Test
  void feed_inPiecesOfAnySize_saysWhatTheWholeSays() {
    Random random = new Random(7);
    for (String body :
        List.of(
            "{\"model\":\"m\"}",
            " {\"a\":{\"model\":\"no\"},\"b\":[1,{\"model\":\"no\"}],\"model\":\"org/ü-1.5\",\"x\":1}",
            "{\"model\":7}",
            "{\"messages\":[]}",
            "[\"model\"]",
            "{\"mod",
            "")) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      for (int round = 0; round < 50; round++) {
        ModelPeek peek = new ModelPeek();
        for (int at = 0; at < bytes.length; ) {
          int next = Math.min(bytes.length, at + 1 + random.nextInt(5));
          peek.feed(java.util.Arrays.copyOfRange(bytes, at, next));
          at = next;
        }
        peek.end();
        assertThat(peek.model()).as(body).isEqualTo(CallPeek.model(bytes));
      }
    }
  }

  @Test
  void feed_nameAtTheHead_isKnownBeforeTheRest() {
    ModelPeek peek = new ModelPeek();
    assertThat(feed(peek, "{\"model\":\"m")).isEqualTo(ModelPeek.State.WAITING);
    assertThat(feed(peek, "\",\"messages\":[")).isEqualTo(ModelPeek.State.FOUND);
    assertThat(peek.model()).contains("m");
  }

  @Test
  void end_tellsApartUnnamedAndUnreadable() {
    assertThat(whole("{\"a\":1}")).isEqualTo(ModelPeek.State.UNNAMED);
    assertThat(whole("{}")).isEqualTo(ModelPeek.State.UNNAMED);
    assertThat(whole("{\"a\"")).isEqualTo(ModelPeek.State.UNREADABLE);
    assertThat(whole("\u001f\u008b")).isEqualTo(ModelPeek.State.UNREADABLE);
    assertThat(whole("")).isEqualTo(ModelPeek.State.UNREADABLE);
  }

  @Test
  void paths_nameTheirModel() {
    assertThat(PathModel.of("/v2/models/a%2Fb/versions/1/infer")).contains("a/b");
    assertThat(PathModel.of("/v2/models/m")).contains("m");
    assertThat(PathModel.of("/v2/models/m/ready")).contains("m");
    assertThat(PathModel.of("/openai/v1/models/org/m")).contains("org/m");
    assertThat(PathModel.of("/v1/models/")).isEmpty();
    assertThat(PathModel.of("/v1/chat/completions")).isEmpty();
    assertThat(PathModel.isList("/v1/models/")).isTrue();
  }

  private static ModelPeek.State whole(String body) {
    ModelPeek peek = new ModelPeek();
    feed(peek, body);
    return peek.end();
  }

  private static ModelPeek.State feed(ModelPeek peek, String text) {
    return peek.feed(text.getBytes(StandardCharsets.UTF_8));
  }
}
