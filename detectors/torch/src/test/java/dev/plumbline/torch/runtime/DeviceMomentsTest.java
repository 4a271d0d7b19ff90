package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.plumbline.core.stats.Cholesky;
import dev.plumbline.core.stats.CovarianceAccumulator;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeviceMomentsTest {
  /** Two panels, the second narrower; more rows than a block. */
  private static final int D = 530;

  private static final int ROWS = 1500;

  @Test
  void moments_ofRowsFarFromZero_equalThoseOfJava() {
    float[] rows = rows(ROWS, 1, 40);
    CovarianceAccumulator reference = accumulator(rows);
    try (DeviceMoments device = new DeviceMoments(Device.cpu(), D)) {
      add(device, rows);
      assertThat(device.count()).isEqualTo(ROWS);
      assertThat(distance(device.moments(), reference)).isLessThan(1e-12);
    }
  }

  @Test
  void moments_ofShards_mergeToThoseOfOnePass() {
    float[] first = rows(300, 1, 40);
    float[] second = rows(700, 2, -7);
    CovarianceAccumulator reference = accumulator(first);
    reference.add(second, 0, 700);
    try (DeviceMoments a = new DeviceMoments(Device.cpu(), D);
        DeviceMoments b = new DeviceMoments(Device.cpu(), D)) {
      add(a, first);
      add(b, second);
      CovarianceAccumulator merged = a.moments();
      merged.merge(b.moments());
      assertThat(distance(merged, reference)).isLessThan(1e-12);
    }
  }

  @Test
  void whitened_ofTwoClasses_solvesThePooledCovariance() {
    float[] worse = rows(800, 3, 1);
    float[] better = rows(600, 4, 0);
    double[] wanted = reference(accumulator(worse), accumulator(better), 1e-2);
    try (DeviceMoments a = new DeviceMoments(Device.cpu(), D);
        DeviceMoments b = new DeviceMoments(Device.cpu(), D)) {
      add(a, worse);
      add(b, better);
      assertThat(DeviceMoments.whitened(a, b, 1e-2)).containsExactly(wanted, within(1e-8));
    }
  }

  @Test
  void whitened_ofFewerRowsThanWidthWithoutRidge_isRefused() {
    try (DeviceMoments a = new DeviceMoments(Device.cpu(), D);
        DeviceMoments b = new DeviceMoments(Device.cpu(), D)) {
      add(a, rows(20, 5, 0));
      add(b, rows(20, 6, 0));
      assertThatThrownBy(() -> DeviceMoments.whitened(a, b, 0))
          .hasMessageContaining("positive definite");
    }
  }

  private static double[] reference(
      CovarianceAccumulator worse, CovarianceAccumulator better, double ridge) {
    double[][] pooled = worse.covariance();
    double[][] other = better.covariance();
    double all = worse.count() + better.count() - 2.0;
    double trace = 0;
    for (int i = 0; i < D; i++) {
      for (int j = 0; j < D; j++) {
        pooled[i][j] =
            ((worse.count() - 1) * pooled[i][j] + (better.count() - 1) * other[i][j]) / all;
      }
      trace += pooled[i][i];
    }
    double[] difference = worse.mean();
    for (int i = 0; i < D; i++) {
      difference[i] -= better.mean()[i];
    }
    return Cholesky.of(pooled, ridge * trace / D).solve(difference);
  }

  /** In pieces of odd sizes, as answers come. */
  private static void add(DeviceMoments device, float[] rows) {
    int count = rows.length / D;
    for (int at = 0; at < count; ) {
      int some = Math.min(count - at, 1 + at % 97);
      device.add(rows, at * D, some);
      at += some;
    }
  }

  private static CovarianceAccumulator accumulator(float[] rows) {
    CovarianceAccumulator made = new CovarianceAccumulator(D);
    made.add(rows, 0, rows.length / D);
    return made;
  }

  private static float[] rows(int count, long seed, double mean) {
    Random random = new Random(seed);
    float[] rows = new float[count * D];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) (mean + random.nextGaussian());
    }
    return rows;
  }

  /** Relative, Frobenius, of mean and covariance together. */
  private static double distance(CovarianceAccumulator found, CovarianceAccumulator wanted) {
    assertThat(found.count()).isEqualTo(wanted.count());
    double off = 0;
    double all = 0;
    double[][] a = found.covariance();
    double[][] b = wanted.covariance();
    for (int i = 0; i < D; i++) {
      off += Math.pow(found.mean()[i] - wanted.mean()[i], 2);
      for (int j = 0; j < D; j++) {
        off += Math.pow(a[i][j] - b[i][j], 2);
        all += b[i][j] * b[i][j];
      }
    }
    return Math.sqrt(off / all);
  }
}
