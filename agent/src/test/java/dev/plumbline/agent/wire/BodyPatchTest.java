package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyPatchTest {
  @Test
  void set_memberThere_changesItsValueAndNoOtherByte() {
    assertThat(set("{ \"a\": 1.50e2,\t\"model\" : \"x\\u0041ü\" , \"z\":[{\"model\":1}]} \n"))
        .isEqualTo("{ \"a\": 1.50e2,\t\"model\" : \"new\" , \"z\":[{\"model\":1}]} \n");
    assertThat(set("{\"model\":{\"deep\":[1,{}]},\"b\":\"é\"}"))
        .isEqualTo("{\"model\":\"new\",\"b\":\"é\"}");
    assertThat(set("{\"model\":null}")).isEqualTo("{\"model\":\"new\"}");
    assertThat(set("{\"model\":12,\"b\":-1}")).isEqualTo("{\"model\":\"new\",\"b\":-1}");
  }

  @Test
  void set_memberTwice_changesBoth() {
    assertThat(set("{\"model\":\"a\",\"x\":1,\"mo\\u0064el\":\"b\"}"))
        .isEqualTo("{\"model\":\"new\",\"x\":1,\"mo\\u0064el\":\"new\"}");
  }

  @Test
  void set_memberNotThere_isPutFirst() {
    assertThat(set(" {\"a\":1}")).isEqualTo(" {\"model\":\"new\",\"a\":1}");
    assertThat(set("{ }")).isEqualTo("{\"model\":\"new\" }");
  }

  @Test
  void set_whatIsNoObject_isLeftAlone() {
    for (String body : new String[] {"", "[]", "{", "{\"model\":\"a\"", "{} {}", "{\"a\":tru}"}) {
      assertThat(BodyPatch.set(body.getBytes(StandardCharsets.UTF_8), "model", "1"))
          .as(body)
          .isEmpty();
    }
    assertThat(BodyPatch.set("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE), "model", "1"))
        .isEmpty();
  }

  @Test
  void set_anyCutOrChangedBody_neverThrows() {
    byte[] whole = "{\"a\":[1,2,{\"b\":\"\\ud83d\"}],\"model\":\"x\",\"c\":0.1}".getBytes();
    Random random = new Random(5);
    for (int i = 0; i < 2000; i++) {
      byte[] body = java.util.Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      if (body.length > 0) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      BodyPatch.set(body, "model", "\"new\"");
    }
  }

  private static String set(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new String(
        BodyPatch.set(bytes, "model", "\"new\"").orElseThrow(), StandardCharsets.UTF_8);
  }
}
