package dev.plumbline.learn.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.torch.checkpoint.LowRank;
import org.junit.jupiter.api.Test;

class LowRankProductsTest {
  @Test
  void inner_otherRanks_equalsTheFormedMatrices() {
    LowRank one = Planted.random(13, 9, 3, 1);
    LowRank two = Planted.random(13, 9, 5, 2);
    double wanted = frobenius(formed(one), formed(two));
    assertThat(LowRankProducts.inner(one, two)).isCloseTo(wanted, within(1e-9));
    double norm = Math.sqrt(frobenius(formed(one), formed(one)));
    assertThat(LowRankProducts.norm(one)).isCloseTo(norm, within(1e-9));
  }

  @Test
  void inner_otherShapes_isRefused() {
    assertThatThrownBy(
            () -> LowRankProducts.inner(Planted.random(4, 5, 1, 1), Planted.random(5, 4, 1, 1)))
        .hasMessageContaining("wanted 5 by 4, found 4 by 5");
  }

  private static double[] formed(LowRank change) {
    double[] ba = new double[change.out() * change.in()];
    for (int o = 0; o < change.out(); o++) {
      for (int r = 0; r < change.rank(); r++) {
        for (int i = 0; i < change.in(); i++) {
          ba[o * change.in() + i] +=
              (double) change.b()[o * change.rank() + r] * change.a()[r * change.in() + i];
        }
      }
    }
    return ba;
  }

  private static double frobenius(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
