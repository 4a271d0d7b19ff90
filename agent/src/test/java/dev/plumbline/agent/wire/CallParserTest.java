package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallParserTest {
  private static final String START =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  @Test
  void parse_everyHonouredField_isKept() {
    GenerationCall call =
        chat(
            ",\"max_completion_tokens\":5,\"temperature\":0,\"top_p\":0.5,\"seed\":-3,\"stop\":[\"a\",\"b\"],\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    assertThat(call.sampling().maxTokens()).hasValue(5);
    assertThat(call.sampling().temperature()).hasValue(0);
    assertThat(call.sampling().topP()).hasValue(0.5);
    assertThat(call.sampling().seed()).hasValue(-3);
    assertThat(call.sampling().stop()).isEqualTo(List.of("a", "b"));
    assertThat(call.stream()).isTrue();
    assertThat(call.includeUsage()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"user\":\"u\"",
        "\"metadata\":{\"a\":\"b\"}",
        "\"store\":false",
        "\"n\":1",
        "\"frequency_penalty\":0",
        "\"presence_penalty\":0.0",
        "\"logit_bias\":{}",
        "\"logprobs\":false",
        "\"tools\":[]",
        "\"tool_choice\":\"none\"",
        "\"response_format\":{\"type\":\"text\"}",
        "\"service_tier\":\"auto\"",
        "\"modalities\":[\"text\"]",
        "\"anything\":null"
      })
  void parse_fieldThatAsksForNothing_isAccepted(String field) {
    assertThat(chat("," + field).sampling()).isEqualTo(Sampling.defaults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "store", "n", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs",
        "top_logprobs", "tools", "tool_choice", "functions", "function_call", "response_format",
        "service_tier", "modalities", "audio", "prediction", "reasoning_effort", "verbosity",
        "web_search_options", "parallel_tool_calls", "best_of", "echo", "suffix", "made_up"
      })
  void parse_fieldThatAsksForSomething_isRefusedByName(String field) {
    WireException thrown =
        catchThrowableOfType(WireException.class, () -> chat(",\"" + field + "\":[\"x\"]"));
    assertThat(thrown.error().param()).contains(field);
    assertThat(thrown.error().kind().status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"max_tokens\":1,\"max_completion_tokens\":2",
        "\"max_tokens\":1.5",
        "\"top_p\":0",
        "\"temperature\":-1",
        "\"seed\":99999999999999999999",
        "\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"]",
        "\"stop\":\"\"",
        "\"stream\":\"yes\"",
        "\"stream_options\":{}",
        "\"prompt\":\"x\"",
        "\"model\":\"twice\""
      })
  void parse_valueOutOfBounds_isRefused(String field) {
    assertThatThrownBy(() -> chat("," + field)).isInstanceOf(WireException.class);
  }

  @Test
  void parse_deepOrTrailingJson_isRefused() {
    assertThatThrownBy(() -> chat(",\"metadata\":" + "[".repeat(5000) + "]".repeat(5000)))
        .isInstanceOf(WireException.class);
    assertThatThrownBy(() -> parse(Route.CHAT_COMPLETIONS, START + "} {}"))
        .isInstanceOf(WireException.class);
  }

  @Test
  void parse_promptInAnError_isNotRepeated() {
    assertThatThrownBy(
            () -> parse(Route.COMPLETIONS, "{\"model\":\"m\",\"prompt\":{\"secret\":1}}"))
        .hasMessageContaining("prompt")
        .hasMessageNotContaining("secret");
  }

  private static GenerationCall chat(String more) {
    return parse(Route.CHAT_COMPLETIONS, START + more + "}");
  }

  private static GenerationCall parse(Route route, String body) {
    return CallParser.parse(route, body.getBytes(StandardCharsets.UTF_8));
  }
}
