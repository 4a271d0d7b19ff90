package dev.plumbline.learn.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RotationTest {
  @Test
  void perturbation_everyEpsilonOfTheGrid_keepsNormAndCosineToOneInAMillion() {
    for (int size : new int[] {2, 96, 4096}) {
      for (double scale : new double[] {1e-4, 1, 1e4}) {
        for (double epsilon : Grids.EPSILONS) {
          float[] x = normal(size, scale, size);
          float[] turned = Rotation.of(x, epsilon, new Random(7));
          assertThat(norm(turned) / norm(x)).isCloseTo(1, within(1e-6));
          assertThat(dot(x, turned) / norm(x) / norm(turned))
              .isCloseTo(Math.sqrt(1 - epsilon * epsilon), within(1e-6));
        }
      }
    }
  }

  @Test
  void of_otherSeeds_turnsOtherWays() {
    float[] x = normal(500, 1, 1);
    float[] one = Rotation.of(x, 1, new Random(1));
    float[] two = Rotation.of(x, 1, new Random(2));
    assertThat(Math.abs(dot(one, two) / norm(one) / norm(two))).isLessThan(0.2);
    assertThat(Rotation.of(x, 0.3, new Random(1))).isEqualTo(Rotation.of(x, 0.3, new Random(1)));
  }

  @Test
  void of_zeros_staysZeros() {
    assertThat(Rotation.of(new float[5], 0.5, new Random(1))).containsOnly(0);
  }

  @Test
  void of_epsilonBeyondOne_isRefused() {
    assertThatThrownBy(() -> Rotation.of(new float[5], 1.1, new Random(1)))
        .hasMessageContaining("epsilon");
  }

  private static float[] normal(int size, double scale, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  private static double norm(float[] x) {
    return Math.sqrt(dot(x, x));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
