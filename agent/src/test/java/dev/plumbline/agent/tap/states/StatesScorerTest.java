package dev.plumbline.agent.tap.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.Mismatch;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.UnscoredReason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatesScorerTest {
  private static final TapPoint POINT = TapPoint.residPost(2);

  @Test
  void read_otherWeights_giveTheShiftAndNoScore() {
    Pass pass = Pass.of(1, 3, 5);
    StatesScorer scorer =
        StatesScorer.of(StatesArtefacts.at(POINT), new Fit.Unverified(), List.of(POINT));
    Reading reading = scorer.read(found(pass, POINT, 1));
    assertThat(reading.reason()).contains(UnscoredReason.WRONG_MODEL);
    assertThat(reading.modelShift().getAsDouble()).isCloseTo(pass.shift(), within(1e-6));
    assertThat(reading.z()).isEmpty();
    assertThat(reading.tokensScored()).isEqualTo(4);
  }

  @Test
  void read_weightsItWasCalibratedOn_areScored() {
    Pass pass = Pass.of(2, 3, 5);
    StatesScorer scorer =
        StatesScorer.of(StatesArtefacts.at(POINT), new Fit.Validated(), List.of(POINT));
    assertThat(scorer.read(found(pass, POINT, 1)).score().getAsDouble())
        .isCloseTo(pass.score(), within(1e-12));
  }

  @Test
  void read_severalChoices_isTheWorstOnes_andPoolsTheShift() {
    Pass low = Pass.of(3, 3, 4);
    Pass high = Pass.of(4, 3, 9);
    Found both = new Found.States(List.of(choice(0, low, POINT), choice(1, high, POINT)), 2);
    Reading reading = StatesArtefacts.scorer(POINT).read(both);
    assertThat(reading.score().getAsDouble())
        .isCloseTo(Math.max(low.score(), high.score()), within(1e-12));
    double shift = (3 * low.shift() + 8 * high.shift()) / 11;
    assertThat(reading.modelShift().getAsDouble()).isCloseTo(shift, within(1e-6));
    assertThat(reading.tokensScored()).isEqualTo(11);
  }

  @Test
  void read_choiceThatDidNotCome_isNotPassedOver() {
    Pass aligned = firstWith(false);
    Reading reading = StatesArtefacts.scorer(POINT).read(found(aligned, POINT, 2));
    assertThat(reading.reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    Pass drifted = firstWith(true);
    assertThat(StatesArtefacts.scorer(POINT).read(found(drifted, POINT, 2)).score()).isPresent();
  }

  @Test
  void read_statesOfAnotherLayer_areNotScored() {
    Found elsewhere = found(Pass.of(5, 3, 4), TapPoint.residPost(1), 1);
    Reading reading = StatesArtefacts.scorer(POINT).read(elsewhere);
    assertThat(reading.reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(reading.modelShift()).isEmpty();
  }

  @Test
  void read_lastTokenOfALongerAnswer_isNoReadingOfIt() {
    Pass pass = Pass.of(6, 0, 2);
    Found last = new Found.States(List.of(new ChoiceStates(0, rows(pass, POINT), 0, false)), 1);
    assertThat(StatesArtefacts.scorer(POINT).read(last).reason())
        .contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  @Test
  void read_lastPromptToken_readsThatOne() {
    Artefact artefact = StatesArtefacts.at(POINT, TokenMask.LAST_PROMPT_TOKEN, true);
    StatesScorer scorer = StatesScorer.of(artefact, new Fit.Exact(), List.of(POINT));
    Pass pass = Pass.of(7, 3, 5);
    double z = (StatesArtefacts.readout(pass.states()[2]) - 0.25) / 2;
    assertThat(scorer.read(found(pass, POINT, 1)).z().getAsDouble()).isCloseTo(z, within(1e-12));
  }

  @Test
  void of_tapPointsTheArtefactDoesNotKnow_isRefused() {
    assertThatThrownBy(
            () ->
                StatesScorer.of(
                    StatesArtefacts.at(POINT), new Fit.Exact(), List.of(TapPoint.FINAL_NORM)))
        .hasMessageContaining("resid_post.2")
        .hasMessageContaining("final_norm");
  }

  @Test
  void of_otherWeightsAndNoBaseline_isRefused() {
    Artefact artefact = StatesArtefacts.at(POINT, TokenMask.ANSWER_CONTENT, false);
    assertThatThrownBy(() -> StatesScorer.of(artefact, new Fit.Unverified(), List.of(POINT)))
        .hasMessageContaining("no score");
  }

  @Test
  void of_anotherModel_isRefused() {
    Fit other = new Fit.Refused(List.of(new Mismatch("layers", "4", "5")));
    assertThatThrownBy(() -> StatesScorer.of(StatesArtefacts.at(POINT), other, List.of(POINT)))
        .hasMessageContaining("layers");
  }

  private static Pass firstWith(boolean drifted) {
    long seed = 0;
    while (Pass.of(seed, 3, 5).score() > 0.5 != drifted) {
      seed++;
    }
    return Pass.of(seed, 3, 5);
  }

  private static Found found(Pass pass, TapPoint point, int wanted) {
    return new Found.States(List.of(choice(0, pass, point)), wanted);
  }

  /** From the last prompt token on, as taps give them. */
  private static ChoiceStates choice(int index, Pass pass, TapPoint point) {
    return new ChoiceStates(index, rows(pass, point), Math.min(1, pass.prompt().length), true);
  }

  private static StateRows rows(Pass pass, TapPoint point) {
    int from = Math.max(0, pass.prompt().length - 1);
    float[][] states = Arrays.copyOfRange(pass.states(), from, pass.states().length);
    return StateRows.ofFloats(point, List.of(states));
  }
}
