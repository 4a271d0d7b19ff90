package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Fail-open and fail-closed: what becomes of an answer that needs a verdict and has none. */
class FailClosedTest {
  /** A use that is more than begun with. */
  private static final String USED = "plumbline_fail_uses_total\\{.*} [1-9]";

  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String SECRET = "the answer itself";
  private static final String WHOLE =
      "{\"choices\":[{\"message\":{\"content\":\"" + SECRET + "\"}}]}";
  private static final String STREAM =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n";
  private static final String[] LATE = {"annotate.deadline=50ms", "scoring.deadline=400ms"};

  @Test
  void closed_verdictTooLate_isA503InTheAnswersPlace() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent = hanging(origin, "mode=annotate", "models.m.fail=closed")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("verdict_missing").doesNotContain(SECRET);
      assertThat(answer.header("plumbline-verdict")).contains("unscored(deadline_passed)");
      Exchange exchange = only(agent);
      assertThat(exchange.status()).isEqualTo(503);
      assertThat(exchange.outcome()).isEqualTo(Outcome.WITHHELD);
      assertThat(page(agent)).contains(uses("closed", "deadline_passed", "applied"));
    }
  }

  @Test
  void closed_unscored_isA503AndScoredIsNot() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "mode=annotate", "fail=closed")) {
      RawHttp.Response scored = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(scored.text()).isEqualTo(WHOLE);
      assertThat(scored.header("x-request-id")).isPresent();
      String image = ASK.replace("\"hi\"", "[{\"type\":\"image_url\"}]");
      assertThat(RawHttp.post(agent.port(), CHAT, image).status()).isEqualTo(503);
      Agents.awaitVerdicts(agent, 2);
      assertThat(page(agent))
          .containsPattern(
              "fail_uses_total\\{fail=\"closed\",reason=\"[a-z_]+\",result=\"applied\"} 1");
    }
  }

  @Test
  void open_verdictTooLate_letsItOutAndCounts() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent = hanging(origin, "mode=annotate", "models.other.fail=closed")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.text()).isEqualTo(WHOLE);
      assertThat(only(agent).outcome()).isEqualTo(Outcome.COMPLETED);
      assertThat(page(agent)).contains(uses("open", "deadline_passed", "applied"));
    }
  }

  @Test
  void closed_observe_needsNoVerdict() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent = hanging(origin, "fail=closed")) {
      assertThat(RawHttp.post(agent.port(), CHAT, ASK).text()).isEqualTo(WHOLE);
      only(agent);
      assertThat(page(agent)).doesNotContainPattern(USED);
    }
  }

  @Test
  void closed_stream_cannotBeCalledBackWhichIsSaidAndCounted() throws IOException {
    try (ScriptedOrigin origin = origin("text/event-stream", STREAM);
        RunningAgent agent = hanging(origin, "mode=annotate", "fail=closed")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.text()).startsWith(STREAM).contains("\"fail\":\"closed(not_applied)\"");
      only(agent);
      assertThat(page(agent)).contains(uses("closed", "deadline_passed", "not_applied"));
    }
  }

  @Test
  void closed_answerOverTheBound_isA503AndTheOriginIsTold() throws IOException {
    byte[] piece = "x".repeat(1000).getBytes(StandardCharsets.UTF_8);
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                  while (true) {
                    out.write(piece);
                  }
                });
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "mode=annotate",
                "fail=closed",
                "limits.observed-bytes=20000")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).doesNotContain("xxx");
      Exchange exchange = only(agent);
      assertThat(exchange.outcome()).isEqualTo(Outcome.WITHHELD);
      assertThat(exchange.reading().reason()).contains(UnscoredReason.TOO_LONG);
      assertThat(page(agent)).contains(uses("closed", "too_long", "applied"));
      Agents.await("the origin to be told", () -> origin.open.get() == 0);
    }
  }

  @Test
  void closed_originBreaksOff_partOfTheAnswerStaysIn() throws IOException {
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  String part = "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + SECRET;
                  out.write(part.getBytes(StandardCharsets.UTF_8));
                  return false;
                });
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "mode=annotate", "fail=closed")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).doesNotContain(SECRET);
      Exchange exchange = only(agent);
      assertThat(exchange.status()).isEqualTo(503);
      assertThat(exchange.outcome()).isEqualTo(Outcome.ORIGIN_CUT);
      assertThat(page(agent)).contains(uses("closed", "unparseable", "applied"));
    }
  }

  /** Or the first use would be no rise to Prometheus. */
  @Test
  void uses_ofTheConfiguredRules_beginAtZero() throws IOException {
    try (ScriptedOrigin origin = ScriptedOrigin.sending("HTTP/1.1 200 OK\r\n\r\n");
        RunningAgent agent =
            Agents.reading(
                origin.port(), ScriptedTap.judging(), "models.m.fail=closed", "metrics.models=n")) {
      assertThat(page(agent))
          .contains(
              uses("closed", "too_long", "not_applied").replace("1.0", "0.0"),
              uses("open", "queue_full", "applied").replace("1.0", "0.0"),
              "plumbline_ablations_total{model_name=\"n\",result=\"not_applied\"} 0.0",
              "plumbline_ablations_total{model_name=\"other\",result=\"ablated\"} 0.0");
    }
  }

  @Test
  void closed_errorOfTheOrigin_isNoAnswerAndPasses() throws IOException {
    String error = "{\"error\":{\"message\":\"slow down\"}}";
    try (ScriptedOrigin origin =
            ScriptedOrigin.sending(
                "HTTP/1.1 429 Slow\r\nContent-Length: " + error.length() + "\r\n\r\n" + error);
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "mode=annotate", "fail=closed")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.text()).isEqualTo(error);
      only(agent);
      assertThat(page(agent)).doesNotContainPattern(USED);
    }
  }

  private static RunningAgent hanging(ScriptedOrigin origin, String... settings) {
    String[] all = java.util.Arrays.copyOf(settings, settings.length + LATE.length);
    System.arraycopy(LATE, 0, all, settings.length, LATE.length);
    return Agents.reading(origin.port(), ScriptedTap.hanging(), all);
  }

  private static String uses(String fail, String reason, String result) {
    return "plumbline_fail_uses_total{fail=\"%s\",reason=\"%s\",result=\"%s\"} 1.0"
        .formatted(fail, reason, result);
  }

  private static String page(RunningAgent agent) throws IOException {
    return RawHttp.get(agent.adminPort(), "/metrics").text();
  }

  private static Exchange only(RunningAgent agent) {
    Agents.awaitVerdicts(agent, 1);
    return agent.ledger().latest(1).get(0);
  }

  private static ScriptedOrigin origin(String type, String body) throws IOException {
    return ScriptedOrigin.sending(
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(type, body.length(), body));
  }
}
