package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CovarianceAccumulatorTest {

  private static final int N = 1300;
  private static final int[] SIZES = {1, 7, 96, 300};

  @Test
  void add_everySize_isTheTwoPassCovariance() {
    for (int d : SIZES) {
      float[] rows = rows(N, d, 3);
      assertThat(distance(whole(rows, d).covariance(), twoPass(rows, d))).isLessThan(1e-12);
    }
  }

  @Test
  void add_oneByOneOrInBatches_isTheSameToTheBit() {
    float[] rows = rows(N, 96, 4);
    CovarianceAccumulator single = new CovarianceAccumulator(96);
    for (int r = 0; r < N; r++) {
      double[] row = new double[96];
      for (int i = 0; i < 96; i++) {
        row[i] = rows[r * 96 + i];
      }
      single.add(row);
    }
    assertThat(single.covariance()).isDeepEqualTo(whole(rows, 96).covariance());
  }

  @Test
  void merge_anySharding_equalsOnePassTo1e12Frobenius() {
    Random random = new Random(5);
    for (int d : SIZES) {
      float[] rows = rows(N, d, 6);
      double[][] once = whole(rows, d).covariance();
      double[] mean = whole(rows, d).mean();
      for (int shards : new int[] {1, 2, 3, 11, 200}) {
        CovarianceAccumulator merged = sharded(rows, d, shards, random);
        assertThat(merged.count()).isEqualTo(N);
        assertThat(distance(merged.covariance(), once)).isLessThan(1e-12);
        assertThat(distance(new double[][] {merged.mean()}, new double[][] {mean}))
            .isLessThan(1e-12);
      }
    }
  }

  @Test
  void secondMoment_isTheCovarianceAboutZeroAndKeepsTheMean() {
    float[] rows = {1, 2, 3, 2};
    CovarianceAccumulator two = whole(rows, 2);
    assertThat(two.secondMoment()[0]).containsExactly(5, 4);
    assertThat(two.secondMoment()[1]).containsExactly(4, 4);
    assertThat(two.covariance()[0]).containsExactly(2, 0);
  }

  @Test
  void variance_isTheDiagonal_andEqualsTheDiagonalOnlyAccumulators() {
    float[] rows = rows(N, 300, 7);
    MeanAccumulator diagonal = new MeanAccumulator(300);
    diagonal.add(rows, 0, N);
    CovarianceAccumulator full = whole(rows, 300);
    for (int i = 0; i < 300; i++) {
      assertThat(full.variance()[i]).isCloseTo(full.covariance()[i][i], within(1e-12));
      assertThat(full.variance()[i]).isCloseTo(diagonal.variance()[i], within(1e-9));
    }
  }

  @Test
  void write_thenRead_goesOnAsIfNothingHadHappened() throws IOException {
    float[] rows = rows(N, 96, 8);
    for (boolean covariances : new boolean[] {true, false}) {
      Moments written = Moments.of(96, covariances);
      written.add(rows, 0, 700);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      written.write(new DataOutputStream(bytes));
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
      Moments read = Moments.read(in, 96, covariances);
      read.add(rows, 700 * 96, N - 700);
      written.add(rows, 700 * 96, N - 700);
      assertThat(read.count()).isEqualTo(N);
      assertThat(read.mean()).isEqualTo(written.mean());
      assertThat(read.variance()).isEqualTo(written.variance());
    }
  }

  @Test
  void add_rowsBeyondTheArray_areRefused() {
    CovarianceAccumulator two = new CovarianceAccumulator(2);
    assertThatThrownBy(() -> two.add(new float[5], 0, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> two.merge((Moments) new MeanAccumulator(2)))
        .hasMessageContaining("one with covariances");
  }

  private static CovarianceAccumulator whole(float[] rows, int d) {
    CovarianceAccumulator all = new CovarianceAccumulator(d);
    all.add(rows, 0, rows.length / d);
    return all;
  }

  private static CovarianceAccumulator sharded(float[] rows, int d, int shards, Random random) {
    CovarianceAccumulator merged = new CovarianceAccumulator(d);
    int from = 0;
    for (int s = 0; s < shards; s++) {
      int left = N - from;
      int take = s == shards - 1 ? left : random.nextInt(Math.min(left, 2 * N / shards) + 1);
      CovarianceAccumulator shard = new CovarianceAccumulator(d);
      shard.add(rows, from * d, take);
      merged.merge(shard);
      from += take;
    }
    return merged;
  }

  /** Correlated, and, as the residual stream's are, some components far from zero. */
  private static float[] rows(int n, int d, long seed) {
    Random random = new Random(seed);
    float[] rows = new float[n * d];
    for (int r = 0; r < n; r++) {
      double shared = random.nextGaussian();
      for (int i = 0; i < d; i++) {
        rows[r * d + i] = (float) (shared * (i % 5) + random.nextGaussian() + (i == 3 ? 500 : 1));
      }
    }
    return rows;
  }

  private static double[][] twoPass(float[] rows, int d) {
    int n = rows.length / d;
    double[] mean = new double[d];
    for (int k = 0; k < rows.length; k++) {
      mean[k % d] += rows[k] / (double) n;
    }
    double[][] covariance = new double[d][d];
    for (int r = 0; r < n; r++) {
      for (int i = 0; i < d; i++) {
        double x = rows[r * d + i] - mean[i];
        for (int j = 0; j < d; j++) {
          covariance[i][j] += x * (rows[r * d + j] - mean[j]) / (n - 1);
        }
      }
    }
    return covariance;
  }

  private static double distance(double[][] a, double[][] b) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        difference += (a[i][j] - b[i][j]) * (a[i][j] - b[i][j]);
        size += b[i][j] * b[i][j];
      }
    }
    return Math.sqrt(difference / size);
  }
}
