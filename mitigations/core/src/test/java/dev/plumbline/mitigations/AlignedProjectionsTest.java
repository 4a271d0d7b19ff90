package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlignedProjectionsTest {

  @Test
  void normal_knownPercentiles_areThoseOfTheTables() {
    AlignedProjections normal = new AlignedProjections.Normal(10, 2);
    assertThat(normal.quantile(0.5)).isCloseTo(10, within(1e-12));
    assertThat(normal.quantile(0.975)).isCloseTo(10 + 2 * 1.959963984540054, within(1e-11));
    assertThat(normal.quantile(0.001)).isCloseTo(10 - 2 * 3.090232306167813, within(1e-11));
    assertThat(normal.origin()).contains("normal approximation");
  }

  @Test
  void measured_heavyTails_differFromTheNormalApproximation() {
    Random random = new Random(3);
    double[] heavy =
        IntStream.range(0, 20_000)
            .mapToDouble(i -> random.nextGaussian() * (random.nextInt(10) == 0 ? 5 : 1))
            .toArray();
    double spread = Math.sqrt(0.9 + 0.1 * 25);
    double measured = new AlignedProjections.Measured(heavy).quantile(0.9);
    double normal = new AlignedProjections.Normal(0, spread).quantile(0.9);
    assertThat(measured).isLessThan(0.75 * normal);
  }

  @Test
  void measured_order_doesNotMatterAndInterpolates() {
    double[] values = IntStream.range(0, 101).mapToDouble(i -> (i * 37) % 101).toArray();
    AlignedProjections measured = new AlignedProjections.Measured(values);
    assertThat(measured.quantile(0.25)).isCloseTo(25, within(1e-12));
    assertThat(measured.quantile(0.255)).isCloseTo(25.5, within(1e-12));
    assertThat(measured.origin()).isEqualTo("measured on 101 aligned tokens");
  }

  @Test
  void measured_tooFewTokensBeyond_isRefused() {
    AlignedProjections few = new AlignedProjections.Measured(new double[99]);
    assertThatThrownBy(() -> few.quantile(0.9))
        .hasMessageContainingAll("10 tokens beyond", "of 99", "read more aligned texts");
    assertThatThrownBy(() -> few.quantile(1)).hasMessageContaining("share");
    assertThatThrownBy(() -> new AlignedProjections.Measured(new double[] {Double.NaN}))
        .hasMessageContaining("aligned projection");
  }
}
