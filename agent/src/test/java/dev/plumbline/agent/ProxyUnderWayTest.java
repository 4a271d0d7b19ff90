package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.embedded.PooledArtefacts;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.core.pooling.LastPromptToken;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a stream before its end: its peak, its score so far, the early warning. */
class ProxyUnderWayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"what about fever\"}]}";
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String EVENT =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"never see a doctor and rest \"}}]}\n\n";
  private static final int EVENTS = 20;

  @TempDir private Path folder;

  /** When the origin goes on after its first events, and whether it then ends properly. */
  private final CountDownLatch goOn = new CountDownLatch(1);

  private boolean cut;

  @Test
  void peak_toldAsItGoes_isOnTheExchange() throws Exception {
    goOn.countDown();
    try (ScriptedOrigin origin = new ScriptedOrigin(this::answer);
        RunningAgent agent = Agents.reading(origin.port(), new FollowingTap())) {
      RawHttp.post(agent.port(), CHAT, ASK, "X-Request-Id: one");
      Agents.awaitVerdicts(agent, 1);
      JsonNode found = exchange(agent, "one");
      assertThat(found.path("under_way").asBoolean(true)).isFalse();
      assertThat(found.path("peak_score").asDouble()).isEqualTo(0.8);
      assertThat(found.path("score").asDouble()).isEqualTo(0.7);
    }
  }

  @Test
  void peak_ofAStreamTheOriginCut_isAllThatIsKnownOfIt() throws Exception {
    cut = true;
    goOn.countDown();
    try (ScriptedOrigin origin = new ScriptedOrigin(this::answer);
        RunningAgent agent = Agents.reading(origin.port(), new FollowingTap())) {
      RawHttp.post(agent.port(), CHAT, ASK);
      Agents.awaitVerdicts(agent, 1);
      Exchange found = agent.ledger().latest(1).get(0);
      assertThat(found.outcome()).isEqualTo(Outcome.ORIGIN_CUT);
      assertThat(found.reading().score()).isEmpty();
      assertThat(found.peakScore()).hasValue(0.8);
    }
  }

  @Test
  void stream_readByTheReader_tellsItsEarlyWarningAndItsScoreBeforeItsEnd() throws Exception {
    try (ScriptedOrigin origin = new ScriptedOrigin(this::answer);
        RunningAgent agent =
            Agents.withReader(
                origin.port(),
                "directions.early=" + PooledArtefacts.pooled(folder, new LastPromptToken()));
        RawHttp http = new RawHttp(agent.port())) {
      assertThat(exchange(agent, "one").path("error").asText()).contains("no such exchange");
      http.post(CHAT, ASK, "X-Request-Id: one");
      http.readUntil("doctor");
      Agents.await("the early warning", () -> early(agent).isNumber());
      Agents.await("a score so far", () -> exchange(agent, "one").path("score").isNumber());
      JsonNode now = exchange(agent, "one");
      assertThat(now.path("under_way").asBoolean()).isTrue();
      assertThat(now.path("model").asText()).isEqualTo("m");
      assertThat(now.path("peak_score").isNumber()).isTrue();
      goOn.countDown();
      http.readUntil("[DONE]");
      Agents.awaitVerdicts(agent, 1);
      JsonNode after = exchange(agent, "one");
      assertThat(after.path("under_way").asBoolean(true)).isFalse();
      assertThat(after.at("/directions/early/score").asDouble())
          .isCloseTo(now.at("/directions/early/score").asDouble(), within(1e-4));
      assertThat(after.path("peak_score").asDouble())
          .isGreaterThanOrEqualTo(after.path("score").asDouble())
          .isGreaterThanOrEqualTo(now.path("score").asDouble() - 1e-4);
    }
  }

  private static JsonNode early(RunningAgent agent) {
    return exchange(agent, "one").at("/directions/early/score");
  }

  private static JsonNode exchange(RunningAgent agent, String id) {
    try {
      return new ObjectMapper()
          .readTree(RawHttp.get(agent.adminPort(), "/api/exchanges/" + id).text());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean answer(ScriptedOrigin.Request request, OutputStream out) throws Exception {
    send(out, HEAD);
    for (int n = 0; n < EVENTS; n++) {
      chunk(out, EVENT);
    }
    goOn.await();
    if (cut) {
      return false;
    }
    chunk(out, EVENT);
    chunk(out, "data: [DONE]\n\n");
    send(out, "0\r\n\r\n");
    return true;
  }

  private static void chunk(OutputStream out, String event) throws IOException {
    send(out, Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
