package dev.plumbline.core.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.artefact.Sigmoid;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticFitTest {

  @Test
  void fit_plantedSigmoid_isRecovered() {
    Random random = new Random(11);
    int n = 20_000;
    Sigmoid planted = new Sigmoid(1.7, -0.8);
    double[] z = random.doubles(n, -3, 3).toArray();
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      labels[i] = random.nextDouble() < planted.score(z[i]);
    }
    Sigmoid fit = LogisticFit.fit(z, labels);
    // Standard errors at this n are about 0.025 for a and 0.02 for b; four of them.
    assertThat(fit.a()).isCloseTo(1.7, within(0.1));
    assertThat(fit.b()).isCloseTo(-0.8, within(0.08));
  }

  @Test
  void fit_anyData_endsWhereTheGradientVanishes() {
    double[] z = {-2, -1, 0, 0.5, 1, 3};
    boolean[] labels = {false, true, false, false, true, true};
    Sigmoid fit = LogisticFit.fit(z, labels);
    double ga = 0;
    double gb = 0;
    for (int i = 0; i < z.length; i++) {
      double target = labels[i] ? 4.0 / 5 : 1.0 / 5;
      ga += (fit.score(z[i]) - target) * z[i];
      gb += fit.score(z[i]) - target;
    }
    // The loss is flat to double rounding within √ulp of its minimum.
    assertThat(ga).isCloseTo(0, within(1e-6));
    assertThat(gb).isCloseTo(0, within(1e-6));
  }

  @Test
  void fit_separableData_hasAFiniteSlope() {
    Sigmoid fit =
        LogisticFit.fit(new double[] {-2, -1, 1, 2}, new boolean[] {false, false, true, true});
    assertThat(fit.a()).isBetween(0.1, 10.0);
  }

  @Test
  void fit_constantZ_learnsTheRateOnly() {
    Sigmoid fit =
        LogisticFit.fit(new double[] {2, 2, 2, 2}, new boolean[] {true, false, true, false});
    assertThat(fit.score(2)).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void fit_oneOutcome_isRefused() {
    assertThatThrownBy(() -> LogisticFit.fit(new double[] {1, 2}, new boolean[2]))
        .hasMessageContaining("both outcomes");
    assertThatThrownBy(
            () -> LogisticFit.fit(new double[] {1, Double.NaN}, new boolean[] {true, false}))
        .hasMessageContaining("z");
  }
}
