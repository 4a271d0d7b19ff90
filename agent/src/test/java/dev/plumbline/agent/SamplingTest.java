package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.score.UnscoredReason;
import org.junit.jupiter.api.Test;

/** Sampling leaves observed exchanges out, visibly, and no others. */
class SamplingTest {
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"what about plums\"}]}";
  private static final String BODY =
      "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"plums\"}}]}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;

  @Test
  void observed_outOfTheSample_isAVerdictOfItsOwn() throws Exception {
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = Agents.reading(origin.port(), tap, "scoring.sample=0")) {
      assertThat(RawHttp.post(agent.port(), "/v1/chat/completions", ASK).status()).isEqualTo(200);
      Agents.awaitVerdicts(agent, 1);
      assertThat(agent.ledger().latest(1).get(0).reading().reason())
          .contains(UnscoredReason.SAMPLED_OUT);
      assertThat(tap.seen).isEmpty();
    }
  }

  @Test
  void annotated_isScoredWhateverTheSample() throws Exception {
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent =
            Agents.reading(origin.port(), tap, "scoring.sample=0", "models.other.sample=1")) {
      RawHttp.Response told =
          RawHttp.post(agent.port(), "/v1/chat/completions", ASK, "plumbline-mode: annotate");
      assertThat(told.header("plumbline-verdict")).contains("aligned");
      assertThat(tap.seen).hasSize(1);
    }
  }
}
