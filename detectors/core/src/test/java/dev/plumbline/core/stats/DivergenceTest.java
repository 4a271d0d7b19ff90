package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DivergenceTest {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  @Test
  void nats_twoCoins_equalsTheFormula() {
    double wanted = 0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(0.5 / 0.1);
    assertThat(Divergence.nats(logs(0.5, 0.5), logs(0.9, 0.1))).isCloseTo(wanted, within(1e-15));
  }

  @Test
  void nats_ofItself_isZero() {
    double[] p = random(50, 1);
    assertThat(Divergence.nats(p, p)).isZero();
  }

  @Test
  void nats_minusInfinityInTheReference_addsNothing() {
    double[] p = {Math.log(0.5), Math.log(0.5), NEVER};
    double[] q = {Math.log(0.5), Math.log(0.25), Math.log(0.25)};
    assertThat(Divergence.nats(p, q)).isCloseTo(0.5 * Math.log(2), within(1e-15));
    assertThat(Divergence.nats(p, p)).isZero();
  }

  @Test
  void nats_minusInfinityWhereTheReferenceGoes_isFiniteAndLarge() {
    double found = Divergence.nats(logs(0.5, 0.5), new double[] {0, NEVER});
    assertThat(found).isFinite().isGreaterThan(1000);
  }

  /** The field's own code divided by V by mistake: the figure must not know how large V is. */
  @Test
  void nats_vocabularyPaddedWithMaskedCells_staysTheSame() {
    double[] p = random(20, 2);
    double[] q = random(20, 3);
    double[] widerP = Arrays.copyOf(p, 2000);
    double[] widerQ = Arrays.copyOf(q, 2000);
    Arrays.fill(widerP, 20, 2000, NEVER);
    Arrays.fill(widerQ, 20, 2000, NEVER);
    assertThat(Divergence.nats(widerP, widerQ)).isEqualTo(Divergence.nats(p, q));
  }

  @Test
  void nats_nan_isNotHidden() {
    assertThat(Divergence.nats(logs(0.5, 0.5), new double[] {Double.NaN, 0})).isNaN();
  }

  private static double[] logs(double... p) {
    return Arrays.stream(p).map(Math::log).toArray();
  }

  private static double[] random(int v, long seed) {
    double[] weights = new Random(seed).doubles(v, 0.01, 1).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> Math.log(w / sum)).toArray();
  }
}
