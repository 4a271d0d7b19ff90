package dev.plumbline.agent.wire.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.wire.Route;
import org.junit.jupiter.api.Test;

class OpenAiCompletionsTest {
  private static Call ask(String body) {
    return Wire.call(Route.COMPLETIONS, body);
  }

  @Test
  void call_promptForms_oneTextOnlyIsAPrompt() {
    assertThat(Wire.raw(ask("{\"prompt\":\"Es war\"}"))).isEqualTo("Es war");
    assertThat(Wire.raw(ask("{\"prompt\":[\"Es war\"]}"))).isEqualTo("Es war");
    assertThat(ask("{\"prompt\":[1,2]}").prompt()).isEmpty();
    assertThat(ask("{\"prompt\":[1,2]}").unread()).isEmpty();
    assertThat(ask("{\"prompt\":[\"a\",\"b\"]}").prompt()).isEmpty();
    assertThat(ask("{\"prompt\":[\"a\",\"b\"]}").unread()).containsExactly("prompt[1..]");
    assertThat(ask("{}").prompt()).isEmpty();
  }

  @Test
  void whole_echo_isTakenOffWhereAskedFor() {
    String answer =
        "{\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"Es war einmal\"},{\"index\":1,\"text\":\"Es war nie\"}]}";
    assertThat(
            Wire.whole(ask("{\"prompt\":\"Es war\",\"echo\":true}"), answer).orElseThrow().texts())
        .containsExactly(" einmal", " nie");
    assertThat(Wire.whole(ask("{\"prompt\":\"Es war\"}"), answer).orElseThrow().texts())
        .containsExactly("Es war einmal", "Es war nie");
    assertThat(Wire.whole(ask("{\"prompt\":\"x\"}"), "{\"choices\":[{\"text\":[]}]}")).isEmpty();
  }

  @Test
  void stream_twoChoicesAndEcho_areJoined() {
    Call call = ask("{\"prompt\":\"Es war\",\"echo\":true,\"n\":2,\"stream\":true}");
    String events =
        Wire.events(
            "{\"choices\":[{\"index\":1,\"text\":\"Es w\"}]}",
            "{\"choices\":[{\"index\":0,\"text\":\"Es war 🙂\",\"logprobs\":null,\"finish_reason\":null}]}",
            "{\"choices\":[{\"index\":1,\"text\":\"ar b\",\"finish_reason\":\"length\"}]}");
    assertThat(Wire.stream(call, events)).isEmpty();
    assertThat(Wire.stream(call, events + Wire.events("[DONE]")).orElseThrow().texts())
        .containsExactly(" 🙂", " b");
  }
}
