package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CholeskyTest {

  /** Sizes of one panel, of several, and of none that divide them. */
  @Test
  void solve_anySize_givesBackTheRightHandSide() {
    for (int d : new int[] {1, 5, 64, 257, 530}) {
      Random random = new Random(d);
      float[] rows = new float[2 * d * d + 2 * d];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) random.nextGaussian();
      }
      CovarianceAccumulator moments = new CovarianceAccumulator(d);
      moments.add(rows, 0, 2 * d + 2);
      double[][] matrix = moments.covariance();
      double[] wanted = random.doubles(d).toArray();
      double[] b = new double[d];
      for (int i = 0; i < d; i++) {
        b[i] = 0.5 * wanted[i];
        for (int j = 0; j < d; j++) {
          b[i] += matrix[i][j] * wanted[j];
        }
      }
      double[] found = Cholesky.of(matrix, 0.5).solve(b);
      for (int i = 0; i < d; i++) {
        assertThat(found[i]).isCloseTo(wanted[i], within(1e-10));
      }
    }
  }

  @Test
  void of_aMatrixThatIsNotPositiveDefinite_isRefused() {
    assertThatThrownBy(() -> Cholesky.of(new double[][] {{1, 2}, {2, 1}}, 0))
        .hasMessageContaining("raise the ridge");
  }
}
