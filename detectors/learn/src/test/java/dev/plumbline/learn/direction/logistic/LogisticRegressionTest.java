package dev.plumbline.learn.direction.logistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  private final Random random = new Random(4);

  /** At the minimum no coordinate can be moved either way without raising the loss. */
  @Test
  void fit_isAMinimumInEveryCoordinate() {
    double[][] x = gaussians(200, 6);
    boolean[] y = labels(x, 1);
    double ridge = 0.01;
    LinearModel model = LogisticRegression.fit(new DenseDesign(x), y, ridge);
    double best = loss(x, y, ridge, model.weights(), model.bias());
    for (int i = 0; i <= 6; i++) {
      for (double step : new double[] {1e-3, -1e-3}) {
        double[] moved = model.weights();
        if (i < 6) {
          moved[i] += step;
        }
        double bias = model.bias() + (i == 6 ? step : 0);
        assertThat(loss(x, y, ridge, moved, bias)).isGreaterThan(best);
      }
    }
  }

  @Test
  void fit_ofSeparableOrConstantFeatures_isFinite() {
    double[][] x = gaussians(100, 3);
    boolean[] y = new boolean[100];
    for (int i = 0; i < 100; i++) {
      y[i] = x[i][0] > 0;
      x[i][2] = 7;
    }
    LinearModel model = LogisticRegression.fit(new DenseDesign(x), y, 1e-4);
    assertThat(model.weights()[0]).isPositive().isFinite();
    assertThat(IntStream.range(0, 100).allMatch(i -> (model.value(x[i]) > 0) == y[i])).isTrue();
  }

  @Test
  void fit_ofSparseRows_equalsDense() {
    double[][] x = gaussians(80, 5);
    boolean[] y = labels(x, 2);
    int[][] columns = new int[80][];
    for (int row = 0; row < 80; row++) {
      columns[row] = new int[] {0, 1, 2, 3, 4};
    }
    LinearModel dense = LogisticRegression.fit(new DenseDesign(x), y, 0.1);
    LinearModel sparse = LogisticRegression.fit(new SparseDesign(columns, x, 5), y, 0.1);
    assertThat(sparse.weights()).containsExactly(dense.weights(), within(1e-12));
  }

  @Test
  void fit_ofOneOutcome_isRefused() {
    DenseDesign design = new DenseDesign(gaussians(5, 2));
    assertThatThrownBy(() -> LogisticRegression.fit(design, new boolean[5], 1))
        .hasMessageContaining("both outcomes");
  }

  /** The gradient of the loss, formed independently, is nothing beside that at the start. */
  @Test
  void fit_ofWideFeatures_reachesTheMinimum() {
    double[][] x = gaussians(1000, 600);
    boolean[] y = labels(x, 3);
    LinearModel model = LogisticRegression.fit(new DenseDesign(x), y, 1e-3);
    assertThat(gradientNorm(x, y, 1e-3, model))
        .isLessThan(1e-6 * gradientNorm(x, y, 1e-3, new LinearModel(new double[600], 0)));
  }

  private static double gradientNorm(double[][] x, boolean[] y, double ridge, LinearModel model) {
    long positives = IntStream.range(0, y.length).filter(i -> y[i]).count();
    double[] gradient = model.weights();
    for (int f = 0; f < gradient.length; f++) {
      gradient[f] *= ridge;
    }
    for (int i = 0; i < y.length; i++) {
      double p = 1 / (1 + Math.exp(-model.value(x[i])));
      double share = 0.5 / (y[i] ? positives : y.length - positives);
      for (int f = 0; f < gradient.length; f++) {
        gradient[f] += share * (p - (y[i] ? 1 : 0)) * x[i][f];
      }
    }
    double squares = 0;
    for (double each : gradient) {
      squares += each * each;
    }
    return Math.sqrt(squares);
  }

  @Test
  void folded_ofAStandardisedFit_equalsExplicitStandardising() {
    double[][] x = gaussians(300, 8);
    for (double[] row : x) {
      for (int i = 0; i < 8; i++) {
        row[i] = row[i] * Math.pow(10, i - 4) + 1000 * i;
      }
    }
    int[] training = IntStream.range(0, 200).toArray();
    Standardisation standardisation = Standardisation.of(x, training);
    LinearModel model = new LinearModel(gaussians(1, 8)[0], 0.3);
    LinearModel folded = model.folded(standardisation);
    for (double[] row : x) {
      assertThat(folded.value(row))
          .isCloseTo(model.value(standardisation.apply(row)), within(1e-9));
    }
  }

  /** A held-out row far away would move a mean that had seen it. */
  @Test
  void standardisation_seesTrainingRowsOnly() {
    double[][] x = gaussians(10, 1);
    int[] training = IntStream.range(0, 9).toArray();
    Standardisation before = Standardisation.of(x, training);
    x[9][0] = 1e6;
    assertThat(Standardisation.of(x, training).mean(0)).isEqualTo(before.mean(0));
  }

  @Test
  void ridge_onNoise_isTheLargestAndOnSignal_isNot() {
    double[][] x = gaussians(200, 40);
    List<String> groups = new ArrayList<>();
    boolean[] noise = new boolean[200];
    boolean[] signal = new boolean[200];
    for (int i = 0; i < 200; i++) {
      groups.add("g" + i / 4);
      noise[i] = random.nextBoolean();
      signal[i] = x[i][0] > 0;
    }
    assertThat(ridge(x, noise, groups)).isEqualTo(1);
    assertThat(ridge(x, signal, groups)).isLessThan(1);
  }

  /** Rows of a group share a random code: a split that tears groups apart would learn it. */
  @Test
  void outOfFold_whereLabelsBelongToGroups_isChance() {
    int n = 240;
    double[][] x = gaussians(n, 30);
    List<String> groups = new ArrayList<>();
    boolean[] y = new boolean[n];
    double[][] codes = gaussians(40, 30);
    for (int i = 0; i < n; i++) {
      int group = i / 6;
      groups.add("g" + group);
      y[i] = new Random(group).nextInt(1000) % 2 == 0;
      for (int f = 0; f < 30; f++) {
        x[i][f] = codes[group][f] + 0.1 * x[i][f];
      }
    }
    GroupedFit grouped = new GroupedFit(y, groups, new double[] {1e-3, 1e-1}, 5, 1);
    double[] scores = new DenseFit(x, grouped).outOfFold(x);
    assertThat(auroc(scores, y)).isBetween(0.25, 0.75);
  }

  private double ridge(double[][] x, boolean[] y, List<String> groups) {
    GroupedFit grouped = new GroupedFit(y, groups, new double[] {1e-3, 1e-2, 1e-1, 1}, 5, 1);
    return new DenseFit(x, grouped).ridge();
  }

  private static double auroc(double[] scores, boolean[] y) {
    double wins = 0;
    double pairs = 0;
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < y.length; j++) {
        if (y[i] && !y[j]) {
          pairs++;
          wins += scores[i] > scores[j] ? 1 : 0;
        }
      }
    }
    return wins / pairs;
  }

  private static double loss(double[][] x, boolean[] y, double ridge, double[] w, double b) {
    long positives = IntStream.range(0, y.length).filter(i -> y[i]).count();
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      double f = new LinearModel(w, b).value(x[i]);
      double share = 0.5 / (y[i] ? positives : y.length - positives);
      sum += share * Math.log1p(Math.exp(y[i] ? -f : f));
    }
    for (double each : w) {
      sum += ridge / 2 * each * each;
    }
    return sum;
  }

  private boolean[] labels(double[][] x, double noise) {
    boolean[] y = new boolean[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i][0] - x[i][1] + noise * random.nextGaussian() > 0.4;
    }
    return y;
  }

  private double[][] gaussians(int rows, int columns) {
    double[][] x = new double[rows][columns];
    for (double[] row : x) {
      for (int i = 0; i < columns; i++) {
        row[i] = random.nextGaussian();
      }
    }
    return x;
  }
}
