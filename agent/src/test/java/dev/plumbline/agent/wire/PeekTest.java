package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What can be told from bytes that others exchange. */
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
  void call_partsAndImages_textOnlyIsAPrompt() {
    String parts =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"%s\",\"text\":\"b\"}]}]}";
    CallPeek text =
        CallPeek.of(Route.CHAT_COMPLETIONS, utf8(parts.formatted("text"))).orElseThrow();
    assertThat(((Prompt.Chat) text.prompt().orElseThrow()).messages().get(0).content())
        .isEqualTo("ab");
    assertThat(
            CallPeek.of(Route.CHAT_COMPLETIONS, utf8(parts.formatted("image_url")))
                .orElseThrow()
                .prompt())
        .isEmpty();
    assertThat(CallPeek.of(Route.COMPLETIONS, utf8("{\"prompt\":[1,2]}")).orElseThrow().prompt())
        .isEmpty();
  }

  @Test
  void answer_choices_areAllRead() {
    String two =
        "{\"choices\":[{\"message\":{\"content\":\"a\"}},{\"message\":{\"content\":null}}]}";
    assertThat(AnswerPeek.ofJson(utf8(two)).orElseThrow().texts()).containsExactly("a", "");
    assertThat(AnswerPeek.ofJson(utf8("{\"choices\":[]}"))).isEmpty();
    assertThat(AnswerPeek.ofJson(utf8("{"))).isEmpty();
    String stream =
        "data: {\"choices\":[{\"index\":1,\"text\":\"y\"}]}\n\ndata: {\"choices\":[{\"index\":0,\"text\":\"x\"}]}\n\n";
    assertThat(AnswerPeek.ofStream(utf8(stream), true)).isEmpty();
    assertThat(AnswerPeek.ofStream(utf8(stream), false).orElseThrow().texts())
        .containsExactly("x", "y");
    assertThat(AnswerPeek.ofStream(utf8(stream + "data: [DONE]\n\n"), true)).isPresent();
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
