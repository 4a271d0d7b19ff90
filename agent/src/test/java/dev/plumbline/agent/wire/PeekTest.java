package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What can be told at a glance from bytes that others exchange. */
class PeekTest {
  @Test
  void model_anywhereAtTheTop_isFound() {
    assertThat(CallPeek.model(utf8("{\"a\":{\"model\":\"no\"},\"b\":[1],\"model\":\"m\"}")))
        .contains("m");
    assertThat(CallPeek.model(utf8("{\"model\":7}"))).isEmpty();
    assertThat(CallPeek.model(utf8("{\"mod"))).isEmpty();
    assertThat(CallPeek.model(utf8("[\"model\"]"))).isEmpty();
    assertThat(CallPeek.model(new byte[0])).isEmpty();
  }

  @Test
  void ambiguous_namedTwiceAtTheTop_orCut_isTrue() {
    assertThat(CallPeek.ambiguous(utf8("{\"model\":\"a\",\"x\":[{}],\"model\":\"b\"}"))).isTrue();
    assertThat(CallPeek.ambiguous(utf8("{\"model\":\"a\",\"x\":"))).isTrue();
    assertThat(CallPeek.ambiguous(utf8("{\"model\":\"a\",\"x\":{\"model\":\"b\"}}"))).isFalse();
    assertThat(CallPeek.ambiguous(utf8("{}"))).isFalse();
  }

  @Test
  void texts_inToString_areNotShown() {
    assertThat(new ChatMessage("user", "secret").toString()).doesNotContain("secret");
    assertThat(new Prompt.Raw("secret").toString()).doesNotContain("secret");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
