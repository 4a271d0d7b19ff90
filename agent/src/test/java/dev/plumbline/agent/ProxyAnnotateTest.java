package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.config.ConfigException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code annotate} in front of an origin: the verdict with the answer, within a deadline. */
class ProxyAnnotateTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String WHOLE = "{\"choices\":[{\"message\":{\"content\":\"evil\"}}]}";
  private static final String STREAM =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"evil\"}}]}\n\ndata: [DONE]\n\n";

  @Test
  void whole_annotate_hasTheVerdictInHeadersAndTheSameBody() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "mode=annotate")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.text()).isEqualTo(WHOLE);
      assertThat(answer.header("plumbline-verdict")).contains("drifted");
      assertThat(answer.header("plumbline-score")).contains("0.9000");
      assertThat(answer.header("plumbline-direction")).contains("lean");
      Agents.awaitVerdicts(agent, 1);
    }
  }

  /** Most servers take the last of two names; a lax first one must not lower protection. */
  @Test
  void whole_twoNamesOrNone_getsTheStrictestMode() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "models.m.mode=annotate")) {
      String free = ASK.replace("\"m\"", "\"free\"");
      String two = free.replace("]}", "],\"model\":\"m\"}");
      assertThat(RawHttp.post(agent.port(), CHAT, free).header("plumbline-verdict")).isEmpty();
      assertThat(RawHttp.post(agent.port(), CHAT, two).header("plumbline-verdict"))
          .contains("drifted");
      String none = free.replace("\"model\":\"free\",", "");
      assertThat(RawHttp.post(agent.port(), CHAT, none).header("plumbline-verdict"))
          .contains("drifted");
      Agents.awaitVerdicts(agent, 3);
    }
  }

  @Test
  void whole_verdictTooLate_saysSoAndIsStillScoredForTheLedger() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.hanging(),
                "mode=annotate",
                "annotate.deadline=50ms",
                "scoring.deadline=400ms")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.header("plumbline-verdict")).contains("unscored(deadline_passed)");
      assertThat(answer.header("plumbline-score")).isEmpty();
      Agents.awaitVerdicts(agent, 1);
    }
  }

  @Test
  void whole_overTheBound_isLetGoAsTooLong() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "mode=annotate",
                "limits.observed-bytes=40")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, "{\"model\":\"m\"}");
      assertThat(answer.text()).isEqualTo(WHOLE);
      assertThat(answer.header("plumbline-verdict")).contains("unscored(too_long)");
      Agents.awaitVerdicts(agent, 1);
    }
  }

  @Test
  void stream_annotate_endsWithCommentAndTrailers() throws IOException {
    try (ScriptedOrigin origin = origin("text/event-stream", STREAM);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      RawHttp.Response answer =
          RawHttp.post(agent.port(), CHAT, ASK, "plumbline-mode: annotate", "TE: trailers");
      assertThat(answer.text()).startsWith(STREAM + ": plumbline {\"verdict\":\"drifted\"");
      assertThat(answer.trailer("plumbline-verdict")).contains("drifted");
      Agents.awaitVerdicts(agent, 1);
    }
  }

  @Test
  void client_asksToAblateAnOrigin_isNotAppliedAndCounted() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK, "plumbline-mode: ablate");
      assertThat(answer.header("plumbline-action")).contains("not_applied");
      Agents.awaitVerdicts(agent, 1);
      assertThat(RawHttp.get(agent.adminPort(), "/metrics").text())
          .contains("plumbline_ablations_total{model_name=\"m\",result=\"not_applied\"} 1.0");
    }
  }

  @Test
  void client_mayOnlyRaise() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "mode=annotate")) {
      RawHttp.Response lower = RawHttp.post(agent.port(), CHAT, ASK, "plumbline-mode: observe");
      assertThat(lower.header("plumbline-verdict")).contains("drifted");
      RawHttp.Response unknown = RawHttp.post(agent.port(), CHAT, ASK, "plumbline-mode: shield");
      assertThat(unknown.status()).isEqualTo(400);
      assertThat(unknown.text()).contains("\"param\":\"plumbline-mode\"");
      assertThat(origin.requests).hasSize(1);
      Agents.awaitVerdicts(agent, 2);
    }
  }

  @Test
  void modePerModel_isFoundInTheRequest() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(
                origin.port(), ScriptedTap.judging(), "models.org/m-1.5.mode=annotate")) {
      String other = ASK.replace("\"m\"", "\"org/m-1.5\"");
      assertThat(RawHttp.post(agent.port(), CHAT, ASK).header("plumbline-verdict")).isEmpty();
      assertThat(RawHttp.post(agent.port(), CHAT, other).header("plumbline-verdict")).isPresent();
      Agents.awaitVerdicts(agent, 2);
    }
  }

  @Test
  void ablateConfiguredForAnOrigin_isAMistakeAtStart() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE)) {
      assertThatThrownBy(() -> Agents.passing(origin.port(), "mode=ablate"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("ablate");
    }
  }

  private static ScriptedOrigin origin(String type, String body) throws IOException {
    return ScriptedOrigin.sending(
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(type, body.length(), body));
  }
}
