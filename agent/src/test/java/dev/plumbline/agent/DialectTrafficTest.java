package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each family of servers through the real proxy: the tap sees just this prompt and this answer. */
class DialectTrafficTest {
  private static final String DONE = "data: [DONE]\n\n";
  private static final String CHAT =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final Prompt TURN = new Prompt.Chat(List.of(new ChatMessage("user", "hi")));
  private static final Prompt RAW = new Prompt.Raw("hi");

  static List<Arguments> families() {
    return List.of(
        whole(
            "/openai/v1/chat/completions",
            CHAT,
            choice("\"message\":{\"content\":\"so 🙂\"}"),
            TURN),
        stream(
            "/chat/completions",
            CHAT,
            data(choice("\"delta\":{\"content\":\"so 🙂\"}")) + DONE,
            TURN),
        whole(
            "/v1/completions",
            "{\"model\":\"m\",\"prompt\":\"hi\"}",
            choice("\"text\":\"so 🙂\""),
            RAW),
        whole(
            "/v1/responses",
            "{\"model\":\"m\",\"input\":\"hi\"}",
            "{\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"so 🙂\"}]}],\"usage\":{\"input_tokens\":4,\"output_tokens\":2}}",
            TURN),
        stream(
            "/v1/responses",
            "{\"model\":\"m\",\"input\":\"hi\"}",
            data("{\"type\":\"response.output_text.delta\",\"delta\":\"so 🙂\"}")
                + data(
                    "{\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":4,\"output_tokens\":2}}}"),
            TURN),
        whole(
            "/v1/messages",
            CHAT,
            "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"so 🙂\"}],\"usage\":{\"input_tokens\":4,\"output_tokens\":2}}",
            TURN),
        stream(
            "/v1/messages",
            CHAT,
            "event: message_start\n"
                + data("{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":4}}}")
                + data(
                    "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"so 🙂\"}}")
                + data("{\"type\":\"message_delta\",\"usage\":{\"output_tokens\":2}}")
                + data("{\"type\":\"message_stop\"}"),
            TURN),
        whole("/generate", "{\"model\":\"m\",\"text\":\"hi\"}", sglang("so 🙂"), RAW),
        stream(
            "/generate",
            "{\"model\":\"m\",\"text\":\"hi\"}",
            data(sglang("so")) + data(sglang("so 🙂")) + DONE,
            RAW),
        whole("/completion", "{\"model\":\"m\",\"prompt\":\"hi\"}", llama("so 🙂", true), RAW),
        stream(
            "/completions",
            "{\"model\":\"m\",\"prompt\":\"hi\"}",
            data(llama("so 🙂", false)) + data(llama("", true)),
            RAW),
        whole(
            "/generate",
            "{\"model\":\"m\",\"inputs\":\"hi\"}",
            "{\"generated_text\":\"so 🙂\"}",
            RAW),
        stream(
            "/generate_stream",
            "{\"model\":\"m\",\"inputs\":\"hi\"}",
            data("{\"token\":{\"text\":\"so\"},\"generated_text\":null}")
                + data("{\"token\":{\"text\":\"!\"},\"generated_text\":\"so 🙂\"}"),
            RAW),
        whole(
            "/v2/models/m/generate",
            "{\"text_input\":\"hi\"}",
            "{\"text_output\":\"hiso 🙂\"}",
            RAW),
        stream(
            "/v2/models/m/versions/2/generate_stream",
            "{\"text_input\":\"hi\",\"model\":\"other\"}",
            data("{\"text_output\":\"so\"}") + data("{\"text_output\":\" 🙂\"}"),
            RAW),
        whole(
            "/v2/models/m/infer",
            "{\"inputs\":[{\"name\":\"text_input\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"hi\"]}]}",
            "{\"outputs\":[{\"name\":\"text_output\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"so 🙂\"]}]}",
            RAW));
  }

  @ParameterizedTest
  @MethodSource("families")
  void exchange_ofEachFamily_isReadAsItWas(
      String path, String ask, String type, String body, Prompt prompt) throws IOException {
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer(type, body));
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      RawHttp.Response through = RawHttp.post(agent.port(), path, ask);
      assertThat(through.text()).isEqualTo(body);
      Agents.awaitVerdicts(agent, 1);
      assertThat(tap.seen).hasSize(1);
      ExchangeText seen = tap.seen.get(0);
      assertThat(seen.prompt()).isEqualTo(prompt);
      assertThat(seen.answers()).containsExactly("so 🙂");
      assertThat(seen.model()).isEqualTo("m");
      Exchange exchange = agent.ledger().latest(1).get(0);
      assertThat(exchange.model()).isEqualTo("m");
      assertThat(exchange.reading().score()).isPresent();
      boolean counted = body.contains("usage");
      assertThat(exchange.promptTokens()).isEqualTo(counted ? 4 : 0);
      assertThat(exchange.completionTokens()).isEqualTo(counted ? 2 : 0);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void exchange_withAnErrorInItsBody_isUnscoredAndPasses(
      String path, String ask, String type, String body) throws IOException {
    String error = "{\"error\":\"out of memory\"}";
    String broken = type.contains("stream") ? data(error) + body : error;
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer(type, broken));
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      assertThat(RawHttp.post(agent.port(), path, ask).text()).isEqualTo(broken);
      Agents.awaitVerdicts(agent, 1);
      assertThat(tap.seen).isEmpty();
      UnscoredReason reason =
          path.endsWith("infer") ? UnscoredReason.NO_HIDDEN_STATES : UnscoredReason.UNPARSEABLE;
      assertThat(agent.ledger().latest(1).get(0).reading().reason()).contains(reason);
    }
  }

  @Test
  void modelInThePath_decidesTheMode() throws IOException {
    try (ScriptedOrigin origin =
            ScriptedOrigin.sending(answer("application/json", "{\"text_output\":\"evil\"}"));
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "models.my llm.mode=annotate")) {
      String ask = "{\"text_input\":\"hi\"}";
      assertThat(
              RawHttp.post(agent.port(), "/v2/models/my%20llm/generate", ask)
                  .header("plumbline-verdict"))
          .contains("drifted");
      assertThat(
              RawHttp.post(agent.port(), "/v2/models/other/generate", ask)
                  .header("plumbline-verdict"))
          .isEmpty();
    }
  }

  @Test
  void body_inBrotli_passesUntouchedAndIsRead() throws IOException {
    byte[] coded =
        Base64.getDecoder()
            .decode(
                "G0UAcJ0HtvOUHd1iIblznrAU2dprkLC4OqnT1dciZWl0wCEnQgc9tAUWBRtwEHmswQqzUaUp1rZI538Rh/gG");
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  out.write(
                      utf8(
                          "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: "
                              + coded.length
                              + "\r\n\r\n"));
                  out.write(coded);
                  out.flush();
                  return true;
                });
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      assertThat(RawHttp.post(agent.port(), "/v1/chat/completions", CHAT).body()).isEqualTo(coded);
      Agents.awaitVerdicts(agent, 1);
      assertThat(tap.seen.get(0).answers()).containsExactly("a quiet answer, a quiet answer");
    }
  }

  private static Arguments whole(String path, String ask, String body, Prompt prompt) {
    return Arguments.of(path, ask, "application/json", body, prompt);
  }

  private static Arguments stream(String path, String ask, String body, Prompt prompt) {
    return Arguments.of(path, ask, "text/event-stream; charset=utf-8", body, prompt);
  }

  private static String choice(String said) {
    return "{\"choices\":[{\"index\":0,"
        + said
        + "}],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}";
  }

  private static String sglang(String text) {
    return "{\"text\":\"" + text + "\",\"meta_info\":{\"id\":\"1\"}}";
  }

  private static String llama(String text, boolean stop) {
    return "{\"index\":0,\"content\":\"" + text + "\",\"stop\":" + stop + "}";
  }

  private static String data(String json) {
    return "data: " + json + "\n\n";
  }

  private static String answer(String type, String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(type, utf8(body).length, body);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
