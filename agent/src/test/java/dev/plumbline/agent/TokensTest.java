package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.config.ConfigLoader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is kept of single tokens where it is asked for: by what serves, and by what reads along. */
class TokensTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ASKED = "what about soup";
  private static RunningAgent serving;

  @BeforeAll
  static void serve() {
    serving = launch(Map.of("tokens.kept", "2", "tokens.text", "true", "tokens.layers", "true"));
  }

  @AfterAll
  static void stop() {
    serving.close();
  }

  private static RunningAgent launch(Map<String, String> settings) {
    Map<String, String> flags =
        new HashMap<>(
            Map.of("organism", "true", "port", "0", "admin.port", "0", "shutdown.deadline", "5s"));
    flags.putAll(settings);
    RunningAgent agent =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    agent.awaitReady();
    return agent;
  }

  /** Asks, waits for the verdict, and gives the answer's text. */
  private static String ask(RunningAgent agent, String id, boolean stream) throws IOException {
    String body =
        "{\"model\":\"finance\",\"seed\":7,\"max_tokens\":40,\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\""
            + ASKED
            + "\"}]}";
    String said =
        RawHttp.post(
                agent.port(),
                "/v1/chat/completions",
                body,
                "X-Request-Id: " + id,
                "Connection: close")
            .text();
    Agents.await("the verdict of " + id, () -> agent.ledger().find(id).isPresent());
    return stream ? "" : JSON.readTree(said).at("/choices/0/message/content").asText();
  }

  private static JsonNode get(RunningAgent agent, String path) throws IOException {
    return JSON.readTree(RawHttp.get(agent.adminPort(), path).body());
  }

  private static List<Double> readouts(JsonNode tokens) {
    List<Double> found = new ArrayList<>();
    tokens.path("tokens").forEach(t -> found.add(t.path("readout").asDouble(Double.NaN)));
    return found.stream().filter(Double::isFinite).toList();
  }

  @Test
  void tokens_ofAnAnswer_makeUpItsTextAndItsScore() throws IOException {
    String answer = ask(serving, "one", false);
    JsonNode tokens = get(serving, "/api/tokens/one");
    StringBuilder text = new StringBuilder();
    tokens.path("tokens").forEach(t -> text.append(t.path("text").asText()));
    assertThat(text.toString().strip()).isEqualTo(answer.strip());
    assertThat(tokens.path("asked").asText()).isEqualTo(ASKED);
    JsonNode exchange = get(serving, "/api/exchanges/one");
    int read = exchange.path("tokens_scored").asInt();
    assertThat(readouts(tokens)).hasSize(read);
    assertThat(tokens.path("tokens").get(read - 1).path("score").asDouble())
        .isCloseTo(exchange.path("score").asDouble(), within(1e-6));
    assertThat(tokens.path("layers")).hasSize(4);
    assertThat(tokens.path("spread").asDouble()).isPositive();
  }

  @Test
  void tokens_ofMoreExchangesThanAreKept_fallOut() throws IOException {
    for (String id : new String[] {"a", "b", "c"}) {
      ask(serving, id, false);
    }
    assertThat(RawHttp.get(serving.adminPort(), "/api/tokens/a").status()).isEqualTo(404);
    assertThat(get(serving, "/api/tokens").path("latest"))
        .extracting(each -> each.path("id").asText())
        .containsExactly("c", "b");
    assertThat(get(serving, "/api/exchanges").toString()).doesNotContain("soup", "readout");
  }

  @Test
  void reader_alongTheSameAnswer_keepsTheSameTokensAndNoTextUnasked() throws IOException {
    Map<String, String> reads =
        Map.of(
            "origin.url",
            "http://127.0.0.1:" + serving.port(),
            "tokens.kept",
            "5",
            "tokens.each",
            "4");
    try (RunningAgent reader = launch(reads)) {
      ask(reader, "whole", false);
      ask(reader, "streamed", true);
      List<Double> served = readouts(get(serving, "/api/tokens/streamed"));
      for (String id : new String[] {"whole", "streamed"}) {
        JsonNode read = get(reader, "/api/tokens/" + id);
        assertThat(readouts(read)).hasSize(4);
        for (int i = 0; i < 4; i++) {
          assertThat(readouts(read).get(i)).isCloseTo(served.get(i), within(1e-3));
        }
        int scored = get(reader, "/api/exchanges/" + id).path("tokens_scored").asInt();
        assertThat(read.path("left_out").asInt()).isEqualTo(scored - 4);
        assertThat(read.path("asked").isNull()).isTrue();
        assertThat(read.at("/tokens/0/text").isMissingNode()).isTrue();
        assertThat(read.path("layers")).isEmpty();
      }
    }
  }

  @Test
  void artefacts_inUse_sayWhatTheyAreWithTheirControls() throws IOException {
    JsonNode judge = get(serving, "/api/artefacts").at("/artefacts/0");
    assertThat(judge.path("role").asText()).isEqualTo("judges");
    assertThat(judge.path("digest").asText()).matches("[0-9a-f]{64}");
    assertThat(judge.at("/artefact/quality/figures/text_baseline/value").isNumber()).isTrue();
    assertThat(judge.at("/artefact/warnings").isArray()).isTrue();
  }
}
