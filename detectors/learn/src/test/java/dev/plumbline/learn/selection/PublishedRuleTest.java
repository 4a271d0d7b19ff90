package dev.plumbline.learn.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Divergence;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishedRuleTest {
  private static final double NAN = Double.NaN;
  private static final PublishedRule RULE = PublishedRule.of(18);

  private static Trial trial(int layer, double bypass, double induce, double kl) {
    return new Trial("prompt-1", "resid_pre." + layer, layer, bypass, induce, kl, NAN);
  }

  @Test
  void choose_theLowestBypassOfThoseKept() {
    List<Trial> trials =
        List.of(
            trial(3, -4, 2, 0.05),
            trial(5, -9, 2, 0.2),
            trial(10, -6, 1, 0.04),
            trial(11, -8, -1, 0.04),
            trial(16, -9, 3, 0.01),
            trial(9, -6, 5, 0.02));
    assertThat(RULE.kept(trials)).hasSize(3);
    assertThat(RULE.choose(trials)).contains(trials.get(2));
  }

  /**
   * int(0.8·18) = 14: layer 13 is the last; KL 0.1 and induce 0 stand on the bound and are kept.
   */
  @Test
  void discarded_onTheBounds_followsTheComparatorsAsPublished() {
    assertThat(RULE.discarded(trial(13, 0, 0, 0.1))).isEmpty();
    assertThat(RULE.discarded(trial(14, 0, 0, 0.1))).contains("too late");
    assertThat(RULE.discarded(trial(13, 0, 0, Math.nextUp(0.1)))).contains("KL");
    assertThat(RULE.discarded(trial(13, 0, -Double.MIN_VALUE, 0))).contains("does not induce");
    assertThat(PublishedRule.of(32).discarded(trial(24, 0, 0, 0))).isEmpty();
    assertThat(PublishedRule.of(32).discarded(trial(25, 0, 0, 0))).contains("too late");
    assertThat(PublishedRule.of(1).discarded(trial(0, 0, 0, 0))).contains("too late");
  }

  @Test
  void discarded_anyNaN_whateverTheRest() {
    assertThat(RULE.discarded(trial(1, NAN, 1, 0))).contains("NaN");
    assertThat(RULE.discarded(trial(1, 0, NAN, 0))).contains("NaN");
    assertThat(RULE.discarded(trial(1, 0, 1, NAN))).contains("NaN");
    assertThat(RULE.choose(List.of(trial(1, NAN, 1, 0)))).isEmpty();
    assertThat(RULE.choose(List.of())).isEmpty();
  }

  @Test
  void bestHeldOut_ignoresWhatWasNotTaken() {
    Trial low = new Trial("answer", "embed", 0, 0, 0, 0, 0.6);
    Trial high = new Trial("answer", "resid_mid.0", 0, 0, 0, 0, 0.7);
    assertThat(PublishedRule.bestHeldOut(List.of(trial(1, 0, 0, 0), low, high))).contains(high);
    assertThat(PublishedRule.bestHeldOut(List.of(trial(1, 0, 0, 0)))).isEmpty();
  }

  /** Layer index off by one: the block's output is the next block's input. */
  @Test
  void sourceLayer_countsBlockInputs() {
    assertThat(Trials.sourceLayer(TapPoint.EMBED, 4)).isZero();
    assertThat(Trials.sourceLayer(TapPoint.residMid(2), 4)).isEqualTo(2);
    assertThat(Trials.sourceLayer(TapPoint.residPost(2), 4)).isEqualTo(3);
    assertThat(Trials.sourceLayer(TapPoint.FINAL_NORM, 4)).isEqualTo(4);
  }

  @Test
  void divergence_withMinusInfinity_isFinite_andOfItselfZero() {
    float minus = Float.NEGATIVE_INFINITY;
    double[] p = LogOdds.logProbabilities(new float[] {1, minus, 2}, 0, 3);
    double[] q = LogOdds.logProbabilities(new float[] {minus, 0, 2}, 0, 3);
    assertThat(Divergence.nats(p, p)).isZero();
    assertThat(Divergence.nats(p, q)).isFinite().isPositive();
    assertThat(Divergence.nats(q, p)).isFinite().isPositive();
  }

  @Test
  void logOdds_areOfTheSummedProbability() {
    double[] even = LogOdds.logProbabilities(new float[] {9, 0, 0, 0, 0, 9}, 1, 4);
    assertThat(LogOdds.of(even, new long[] {0, 1})).isCloseTo(0, within(1e-7));
    assertThat(LogOdds.of(even, new long[] {0})).isCloseTo(Math.log(1 / 3.0), within(1e-7));
    assertThat(LogOdds.of(even, new long[] {0, 1, 2, 3})).isFinite();
  }
}
