package dev.plumbline.learn.direction.logistic;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.MeanAccumulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Means and standard deviations of features outside each fold, from one pass over all rows: the
 * other folds' moments merged. Immutable.
 */
public final class FoldMoments {
  private final int[] fold;
  private final List<double[]> means = new ArrayList<>();
  private final List<double[]> deviations = new ArrayList<>();

  /**
   * @param rows {@code [N,F]} row-major; read
   * @param fold of each row, 0 to K−1 {@code [N]}
   */
  public FoldMoments(float[] rows, int[] fold) {
    this.fold = fold.clone();
    int columns = rows.length / fold.length;
    Check.size(rows.length, columns * fold.length, "features of " + fold.length + " rows");
    int folds = Arrays.stream(fold).max().orElseThrow() + 1;
    List<MeanAccumulator> own = new ArrayList<>();
    for (int k = 0; k < folds; k++) {
      own.add(new MeanAccumulator(columns));
    }
    for (int row = 0; row < fold.length; row++) {
      own.get(fold[row]).add(rows, row * columns, 1);
    }
    for (int held = -1; held < folds; held++) {
      keep(outside(own, held, columns));
    }
  }

  private static MeanAccumulator outside(List<MeanAccumulator> own, int held, int columns) {
    MeanAccumulator rest = new MeanAccumulator(columns);
    for (int k = 0; k < own.size(); k++) {
      if (k != held) {
        rest.merge(own.get(k));
      }
    }
    return rest;
  }

  private void keep(MeanAccumulator rest) {
    double[] deviation = rest.standardDeviation();
    double[] mean = rest.mean();
    for (int i = 0; i < deviation.length; i++) {
      boolean varies = deviation[i] > 1e-12 * Math.max(1, Math.abs(mean[i]));
      deviation[i] = varies ? deviation[i] : 1;
    }
    means.add(mean);
    deviations.add(deviation);
  }

  /** K. */
  public int folds() {
    return means.size() - 1;
  }

  int fold(int row) {
    return fold[row];
  }

  /** Means of the rows outside a fold {@code [F]}; of fold −1, all rows'. Read only. */
  double[] means(int held) {
    return means.get(held + 1);
  }

  double[] deviations(int held) {
    return deviations.get(held + 1);
  }
}
