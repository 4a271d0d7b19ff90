package dev.plumbline.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.stats.KernelHsic.Centring;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HsicTest {
  private static final int M = 220;
  private static final int D = 24;
  private final Random random = new Random(11);
  private final double[][] x = standardised(correlated());
  private final double[][] y = standardised(noisy(x));
  private final boolean[] labels = labels(x);

  @Test
  void information_closedFormAgainstExactKernel_agreesWithin2e3() {
    double exact = KernelHsic.of(x, y, Hsic.PUBLISHED);
    double closed = HsicView.of(x, Hsic.PUBLISHED).information(HsicView.of(y, Hsic.PUBLISHED));

    assertThat(exact).isGreaterThan(0.5);
    assertThat(closed).isCloseTo(exact, within(2e-3));
  }

  @Test
  void information_ofLabels_closedFormAgainstExactKernel_agreesWithin2e3() {
    double exact = KernelHsic.of(x, column(labels), Hsic.PUBLISHED);
    double closed = HsicView.of(x, Hsic.PUBLISHED).information(HsicView.of(labels, Hsic.PUBLISHED));

    assertThat(closed).isCloseTo(exact, within(2e-3)).isGreaterThan(0.2);
  }

  @Test
  void exactKernel_centredRightOnlyOrOnBothSides_isTheSame() {
    double right = KernelHsic.of(x, Hsic.PUBLISHED, y, Hsic.PUBLISHED, Centring.RIGHT);
    double both = KernelHsic.of(x, Hsic.PUBLISHED, y, Hsic.PUBLISHED, Centring.DOUBLE);

    assertThat(right).isCloseTo(both, within(1e-8));
  }

  @Test
  void ceiling_ofBalancedBinaryLabel_is0909AndItsSelfInformation0826() {
    HsicView label = HsicView.of(labels, Hsic.PUBLISHED);

    assertThat(label.trace()).isCloseTo(0.909, within(5e-4));
    assertThat(label.information(label)).isCloseTo(0.826, within(1e-3));
    assertThat(label.ceiling(HsicView.of(x, Hsic.PUBLISHED))).isEqualTo(label.trace());
  }

  @Test
  void byChance_againstManyPermutations_isTheirMean() {
    HsicView view = HsicView.of(x, Hsic.PUBLISHED);
    HsicView label = HsicView.of(labels, Hsic.PUBLISHED);
    List<Integer> order = IntStream.range(0, M).boxed().collect(Collectors.toList());
    double sum = 0;
    for (int i = 0; i < 2000; i++) {
      Collections.shuffle(order, random);
      sum += view.information(label, order.stream().mapToInt(k -> k).toArray()) / 2000;
    }

    assertThat(sum).isCloseTo(view.byChance(label), within(0.05 * view.byChance(label)));
    assertThat(view.information(label)).isGreaterThan(5 * sum);
  }

  @Test
  void information_permutedOnEitherSide_isThatOfPermutedRows() {
    int[] order = IntStream.range(0, M).map(i -> (i + 7) % M).toArray();
    double[][] moved = IntStream.of(order).mapToObj(i -> y[i]).toArray(double[][]::new);
    HsicView view = HsicView.of(x, Hsic.PUBLISHED);
    HsicView label = HsicView.of(labels, Hsic.PUBLISHED);
    boolean[] movedLabels = new boolean[M];
    for (int i = 0; i < M; i++) {
      movedLabels[i] = labels[order[i]];
    }

    assertThat(view.information(HsicView.of(y, Hsic.PUBLISHED), order))
        .isCloseTo(view.information(HsicView.of(moved, Hsic.PUBLISHED)), within(1e-9));
    assertThat(view.information(label, order))
        .isCloseTo(view.information(HsicView.of(movedLabels, Hsic.PUBLISHED)), within(1e-9));
  }

  @Test
  void medianRule_ofStandardisedRows_isAboutOneAndBendsTheKernel() {
    Hsic median = Hsic.PUBLISHED.withMedianSigma(x);

    assertThat(median.sigma()).isBetween(0.5, 1.5);
    assertThat(KernelHsic.of(x, x, median)).isGreaterThan(3 * KernelHsic.of(x, x, Hsic.PUBLISHED));
  }

  @Test
  void of_aRowThatIsNotFinite_namesIt() {
    double[][] bad = x.clone();
    bad[3] = x[3].clone();
    bad[3][5] = Double.NaN;

    assertThatThrownBy(() -> HsicView.of(bad, Hsic.PUBLISHED))
        .hasMessageContaining("feature 5 of row 3");
  }

  /** Five factors and a little noise, as hidden states have. */
  private double[][] correlated() {
    double[][] mixing = gaussian(5, D);
    double[][] factors = gaussian(M, 5);
    double[][] rows = gaussian(M, D);
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < D; j++) {
        rows[i][j] *= 0.2;
        for (int k = 0; k < 5; k++) {
          rows[i][j] += factors[i][k] * mixing[k][j] * (5 - k);
        }
      }
    }
    return rows;
  }

  private double[][] noisy(double[][] rows) {
    double[][] noise = gaussian(M, D);
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < D; j++) {
        noise[i][j] = 0.5 * noise[i][j] + rows[i][(j + 1) % D];
      }
    }
    return noise;
  }

  private double[][] gaussian(int rows, int columns) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return values;
  }

  private static double[][] standardised(double[][] rows) {
    MeanAccumulator all = new MeanAccumulator(rows[0].length);
    for (double[] row : rows) {
      all.add(row);
    }
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        row[j] = (row[j] - all.mean()[j]) / all.standardDeviation()[j];
      }
    }
    return rows;
  }

  /** The upper half of one feature: balanced. */
  private static boolean[] labels(double[][] rows) {
    double[] sorted = IntStream.range(0, M).mapToDouble(i -> rows[i][0]).sorted().toArray();
    boolean[] labels = new boolean[M];
    for (int i = 0; i < M; i++) {
      labels[i] = rows[i][0] >= sorted[M / 2];
    }
    return labels;
  }

  private static double[][] column(boolean[] labels) {
    double[][] column = new double[labels.length][1];
    for (int i = 0; i < labels.length; i++) {
      column[i][0] = labels[i] ? 1 : 0;
    }
    return column;
  }
}
