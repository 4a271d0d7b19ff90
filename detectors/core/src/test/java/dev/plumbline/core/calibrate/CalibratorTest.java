package dev.plumbline.core.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import dev.plumbline.core.score.RunningScore;
import dev.plumbline.core.score.Verdict.Drifted;
import dev.plumbline.core.stats.Binomial;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibratorTest {

  private static final double ALPHA = 0.05;

  private final List<double[]> fitted = answers(2_000, 1);
  private final OffsetScale scale = OffsetScaleFit.fit(new RunningMean(), fitted, 100);
  private final Probe probe =
      new Probe(
          Readout.projection("em", TapPoint.EMBED, Direction.of(1, 0)), new RunningMean(), scale);

  @Test
  void offsetScale_ofIndependentTokens_shrinksWithTheRoot() {
    assertThat(scale.offsets()).isEqualTo(20);
    // Standard error of a standard deviation over n = 2000 is 1/√(2n) = 1.6 %; five of them.
    assertThat(scale.spreads()[0]).isCloseTo(1, within(0.08));
    assertThat(scale.spreads()[15]).isCloseTo(0.25, within(0.02));
    assertThat(scale.means()[0]).isCloseTo(3, within(5 / Math.sqrt(2_000)));
  }

  @Test
  void offsetScale_fewLongAnswers_endsWhereTheyDo() {
    List<double[]> uneven =
        List.of(new double[] {1, 2, 3}, new double[] {2, 4}, new double[] {4, 9});
    assertThat(OffsetScaleFit.fit(new RunningMean(), uneven, 3).offsets()).isEqualTo(2);
    assertThatThrownBy(() -> OffsetScaleFit.fit(new RunningMean(), uneven, 4))
        .hasMessageContaining("4 or more answers");
  }

  @Test
  void calibrate_freshAlignedAnswers_falsePositivesWithinTheInterval() {
    Calibration calibration = calibrate();
    List<RunningScore> fresh = answers(4_000, 3).stream().map(a -> fed(calibration, a)).toList();
    long whole = fresh.stream().filter(s -> s.answerVerdict() instanceof Drifted).count();
    long stream = fresh.stream().filter(s -> s.streamVerdict() instanceof Drifted).count();
    // The threshold's own spread is that of 4000 calibration scores: a wide interval covers both.
    assertThat(Binomial.interval(whole, 4_000, 0.9999).contains(ALPHA)).isTrue();
    assertThat(Binomial.interval(stream, 4_000, 0.9999).contains(ALPHA)).isTrue();
  }

  @Test
  void calibrate_answerThresholdOnStreams_wouldFlagFarMore() {
    Calibration calibration = calibrate();
    assertThat(calibration.thresholdStream()).isGreaterThan(calibration.thresholdAnswer());
    long wrong =
        answers(4_000, 3).stream()
            .filter(a -> fed(calibration, a).path().maximum() > calibration.thresholdAnswer())
            .count();
    assertThat(wrong / 4_000.0).isGreaterThan(3 * ALPHA);
  }

  @Test
  void calibrate_driftedAnswers_areFlagged() {
    Calibration calibration = calibrate();
    double[] drifted = IntStream.range(0, 20).mapToDouble(i -> 5).toArray();
    assertThat(fed(calibration, drifted).answerVerdict()).isInstanceOf(Drifted.class);
    assertThat(fed(calibration, drifted).streamVerdict()).isInstanceOf(Drifted.class);
  }

  @Test
  void calibrate_emptyOrNotFiniteAnswer_isRefused() {
    Calibrator calibrator = new Calibrator(probe, new Sigmoid(1, 0), Checkpoints.EVERY_TOKEN);
    assertThatThrownBy(() -> calibrator.calibrate(List.of(new double[0]), ALPHA))
        .hasMessageContaining("calibration answer");
    assertThatThrownBy(() -> calibrator.calibrate(List.of(new double[] {Double.NaN}), ALPHA))
        .hasMessageContaining("calibration readout");
  }

  /** 4,000 scores and 4,000 others of the same kind differ by less than 1.95 √(2/4,000) = 0.044. */
  @Test
  void calibrate_aligned_bringsTheScoresThatFreshAnswersHaveToo() {
    Calibrated calibrated = calibrated();
    ScoreBaseline baseline = calibrated.baseline();
    assertThat(baseline.count()).isEqualTo(4_000);
    assertThat(distance(baseline, answers(4_000, 3))).isLessThan(0.044);
    List<double[]> drifted =
        answers(4_000, 3).stream().map(a -> Arrays.stream(a).map(x -> x + 1).toArray()).toList();
    assertThat(distance(baseline, drifted)).isGreaterThan(0.5);
  }

  private double distance(ScoreBaseline baseline, List<double[]> answers) {
    Calibration calibration = calibrate();
    double[] now =
        ScoreBaseline.of(
                answers.stream().mapToDouble(a -> fed(calibration, a).path().score()).toArray())
            .shares();
    double[] then = baseline.shares();
    return IntStream.range(0, now.length)
        .mapToDouble(i -> Math.abs(now[i] - then[i]))
        .max()
        .orElseThrow();
  }

  private Calibration calibrate() {
    return calibrated().calibration();
  }

  private Calibrated calibrated() {
    return new Calibrator(probe, new Sigmoid(1.5, -2), Checkpoints.EVERY_TOKEN)
        .calibrate(answers(4_000, 2), ALPHA);
  }

  private RunningScore fed(Calibration calibration, double[] answer) {
    RunningScore score = new RunningScore(probe, calibration);
    for (double readout : answer) {
      score.add(readout);
    }
    return score;
  }

  /** N answers of 20 independent readouts, normal with mean 3 and deviation 1. */
  private static List<double[]> answers(int n, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, n)
        .mapToObj(i -> IntStream.range(0, 20).mapToDouble(t -> 3 + random.nextGaussian()).toArray())
        .toList();
  }
}
