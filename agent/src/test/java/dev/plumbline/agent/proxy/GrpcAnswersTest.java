package dev.plumbline.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.agent.tap.oip.Places;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.tap.states.StatesScorer;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of a gRPC answer, and what is said when that is too much. */
class GrpcAnswersTest {
  private static final int BOUND = 1000;

  private final GrpcAnswers answers = new GrpcAnswers(scoring(), Places.NOWHERE, true, "");

  private static OipScoring scoring() {
    TapPoint point = TapPoint.residPost(2);
    Fit fit = new Fit.Exact();
    return new OipScoring(
        "hidden_states",
        List.of(point),
        BOUND,
        StatesScorer.of(StatesArtefacts.at(point, 0.375), fit, List.of(point))::read,
        StatesArtefacts.at(point, 0.375),
        fit);
  }

  @Test
  void take_messagesTakenOutInTime_isNeverBroken() {
    for (int i = 0; i < 5; i++) {
      answers.take(GrpcAnswers.framed(new byte[BOUND]));
      assertThat(answers.next()).isPresent();
    }
    assertThat(answers.broken()).isFalse();
  }

  /** Who waits for messages to be changed would wait for those that were dropped for ever. */
  @Test
  void take_moreAtOnceThanIsKept_isBroken_andSaysWhy() {
    Buffer two = GrpcAnswers.framed(new byte[BOUND]).appendBuffer(GrpcAnswers.framed(new byte[9]));
    answers.take(two);
    assertThat(answers.next()).isEmpty();
    assertThat(answers.broken()).isTrue();
    assertThat(answers.reason()).isEqualTo(UnscoredReason.TOO_LONG);
  }
}
