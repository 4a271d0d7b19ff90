package dev.plumbline.core.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.RunningMean;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.score.Verdict.Aligned;
import dev.plumbline.core.score.Verdict.Drifted;
import dev.plumbline.core.score.Verdict.Unscored;
import org.junit.jupiter.api.Test;

class RunningScoreTest {

  /** Offset 1 is four times as wide as offset 2 and beyond. */
  private static final Probe PROBE =
      new Probe(
          Readout.projection("em", TapPoint.EMBED, Direction.of(1, 0)),
          new RunningMean(),
          new OffsetScale(new double[] {0, 1}, new double[] {4, 1}));

  private static final Sigmoid SIGMOID = new Sigmoid(2, -3);

  @Test
  void add_readouts_givesTheScoreOfEachPrefix() {
    RunningScore score = score(Checkpoints.EVERY_TOKEN);
    assertThat(score.add(8)).isEqualTo(SIGMOID.score(2));
    assertThat(score.add(0)).isEqualTo(SIGMOID.score(3));
    assertThat(score.add(-5)).isEqualTo(SIGMOID.score(0));
    assertThat(score.path().tokens()).isEqualTo(3);
    assertThat(score.path().pooled()).isCloseTo(1, within(8 * Math.ulp(1.0)));
    assertThat(score.path().maximum()).isEqualTo(SIGMOID.score(3));
  }

  @Test
  void verdicts_driftOnTheWay_flagTheStreamAndNotTheAnswer() {
    RunningScore score = score(Checkpoints.EVERY_TOKEN);
    feed(score, 8, 0, -5);
    assertThat(score.streamVerdict()).isEqualTo(new Drifted(SIGMOID.score(3), 0.9));
    assertThat(score.answerVerdict()).isEqualTo(new Aligned(SIGMOID.score(0)));
  }

  @Test
  void verdicts_betweenTheThresholds_useEachItsOwn() {
    RunningScore score = score(Checkpoints.EVERY_TOKEN);
    feed(score, 8, -2);
    double s = SIGMOID.score(2);
    assertThat(s).isBetween(0.5, 0.9);
    assertThat(score.streamVerdict()).isEqualTo(new Aligned(s));
    assertThat(score.answerVerdict()).isEqualTo(new Drifted(SIGMOID.score(2), 0.5));
  }

  @Test
  void streamVerdict_betweenCheckpoints_isNotMoved() {
    RunningScore score = score(Checkpoints.every(3));
    feed(score, 8, 0);
    assertThat(score.streamVerdict()).isEqualTo(new Unscored(UnscoredReason.NO_HIDDEN_STATES));
    feed(score, -5, 1000);
    assertThat(score.streamVerdict()).isEqualTo(new Aligned(SIGMOID.score(0)));
  }

  @Test
  void verdicts_emptyAnswer_areUnscored() {
    RunningScore score = score(Checkpoints.EVERY_TOKEN);
    assertThat(score.answerVerdict()).isEqualTo(new Unscored(UnscoredReason.NO_HIDDEN_STATES));
    assertThat(score.streamVerdict()).isEqualTo(new Unscored(UnscoredReason.NO_HIDDEN_STATES));
  }

  @Test
  void verdicts_onceNotFinite_areDeviceErrorForGood() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      RunningScore score = score(Checkpoints.EVERY_TOKEN);
      feed(score, 8, 0, bad, 0);
      assertThat(score.path().score()).isNaN();
      assertThat(score.path().tokens()).isEqualTo(4);
      assertThat(score.answerVerdict()).isEqualTo(new Unscored(UnscoredReason.DEVICE_ERROR));
      assertThat(score.streamVerdict()).isEqualTo(new Unscored(UnscoredReason.DEVICE_ERROR));
    }
  }

  private static RunningScore score(Checkpoints checkpoints) {
    return new RunningScore(PROBE, new Calibration(SIGMOID, 0.5, 0.9, 0.01, 1000, checkpoints));
  }

  private static void feed(RunningScore score, double... readouts) {
    for (double readout : readouts) {
      score.add(readout);
    }
  }
}
