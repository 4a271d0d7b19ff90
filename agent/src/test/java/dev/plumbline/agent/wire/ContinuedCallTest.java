package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** {@code continue_final_message} and {@code add_generation_prompt} on the embedded origin. */
class ContinuedCallTest {
  private static final String BEGUN =
      "{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"Well\"}";

  @Test
  void chat_continued_goesOnFromItsLastMessage() {
    GenerationCall call =
        chat(BEGUN, ",\"continue_final_message\":true,\"add_generation_prompt\":false");
    assertThat(((Prompt.Chat) call.prompt()).continues()).isTrue();
    assertThat(((Prompt.Chat) chat(BEGUN, ",\"add_generation_prompt\":true").prompt()).continues())
        .isFalse();
  }

  @Test
  void chat_combinationsThatMeanNothing_areRefusedByName() {
    assertThatThrownBy(() -> chat(BEGUN, ",\"continue_final_message\":true"))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("add_generation_prompt");
    assertThatThrownBy(() -> chat(BEGUN, ",\"add_generation_prompt\":false"))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("add_generation_prompt");
    String question = "{\"role\":\"user\",\"content\":\"hi\"}";
    assertThatThrownBy(
            () ->
                chat(question, ",\"continue_final_message\":true,\"add_generation_prompt\":false"))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("the assistant's");
    String completion = "{\"model\":\"m\",\"prompt\":\"hi\",\"continue_final_message\":true}";
    assertThatThrownBy(
            () -> CallParser.parse(Route.COMPLETIONS, completion.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("belongs to chat");
  }

  private static GenerationCall chat(String messages, String more) {
    String body = "{\"model\":\"m\",\"messages\":[" + messages + "]" + more + "}";
    return CallParser.parse(Route.CHAT_COMPLETIONS, body.getBytes(StandardCharsets.UTF_8));
  }
}
