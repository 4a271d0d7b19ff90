package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeanAccumulatorTest {

  /** N = 300 rows of D = 3, far from zero: naive sums of squares lose eleven digits here. */
  private static final double[][] ROWS = rows();

  /** Each of N steps rounds a value near 1e6 once: N·ulp(1e6), over deviations near 1. */
  private static final double ROUNDING = 300 * Math.ulp(1e6);

  @Test
  void add_rows_givesTheTwoPassFigures() {
    assertMatches(filled(0, 300));
  }

  @Test
  void merge_parts_equalsTheWhole() {
    MeanAccumulator merged = new MeanAccumulator(3);
    merged.merge(filled(0, 1));
    merged.merge(filled(1, 120));
    merged.merge(new MeanAccumulator(3));
    merged.merge(filled(120, 300));
    assertThat(merged.count()).isEqualTo(300);
    assertMatches(merged);
  }

  @Test
  void add_floats_isTheSameAsDoubles() {
    MeanAccumulator floats = new MeanAccumulator(2);
    floats.add(new float[] {1, 2});
    floats.add(new float[] {3, 6});
    assertThat(floats.mean()).containsExactly(2, 4);
    assertThat(floats.variance()).containsExactly(2, 8);
    assertThat(floats.standardDeviation()).containsExactly(Math.sqrt(2), Math.sqrt(8));
  }

  @Test
  void figures_tooFewRows_areRefused() {
    MeanAccumulator empty = new MeanAccumulator(1);
    assertThatThrownBy(empty::mean).hasMessageContaining("1 or more vectors");
    empty.add(1.0);
    assertThatThrownBy(empty::variance).hasMessageContaining("2 or more vectors");
    assertThatThrownBy(() -> empty.add(1.0, 2.0)).hasMessageContaining("wanted size 1, found 2");
  }

  @Test
  void covariance_wholeOrMerged_givesTheTwoPassFigures() {
    CovarianceAccumulator whole = covariance(0, 300);
    CovarianceAccumulator merged = covariance(0, 77);
    merged.merge(covariance(77, 300));
    merged.merge(new CovarianceAccumulator(3));
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double exact = twoPass(i, j);
        assertThat(whole.covariance()[i][j]).isCloseTo(exact, within(10 * ROUNDING));
        assertThat(merged.covariance()[i][j]).isCloseTo(exact, within(10 * ROUNDING));
      }
    }
    assertThat(merged.count()).isEqualTo(300);
    assertThat(merged.mean()[2]).isCloseTo(mean(2), within(ROUNDING));
  }

  private static void assertMatches(MeanAccumulator accumulator) {
    for (int i = 0; i < 3; i++) {
      assertThat(accumulator.mean()[i]).isCloseTo(mean(i), within(ROUNDING));
      assertThat(accumulator.variance()[i]).isCloseTo(twoPass(i, i), within(10 * ROUNDING));
    }
  }

  private static MeanAccumulator filled(int from, int to) {
    MeanAccumulator accumulator = new MeanAccumulator(3);
    IntStream.range(from, to).forEach(i -> accumulator.add(ROWS[i]));
    return accumulator;
  }

  private static CovarianceAccumulator covariance(int from, int to) {
    CovarianceAccumulator accumulator = new CovarianceAccumulator(3);
    IntStream.range(from, to).forEach(i -> accumulator.add(ROWS[i]));
    return accumulator;
  }

  private static double mean(int i) {
    // About the first row, so that the judge does not round where the judged does.
    return ROWS[0][i]
        + IntStream.range(0, 300).mapToDouble(r -> ROWS[r][i] - ROWS[0][i]).sum() / 300;
  }

  private static double twoPass(int i, int j) {
    double mi = mean(i);
    double mj = mean(j);
    return IntStream.range(0, 300).mapToDouble(r -> (ROWS[r][i] - mi) * (ROWS[r][j] - mj)).sum()
        / 299;
  }

  private static double[][] rows() {
    Random random = new Random(8);
    double[][] rows = new double[300][];
    for (int r = 0; r < rows.length; r++) {
      double shared = random.nextGaussian();
      rows[r] =
          new double[] {1e6 + shared, -1e6 - shared + random.nextGaussian(), random.nextGaussian()};
    }
    return rows;
  }
}
