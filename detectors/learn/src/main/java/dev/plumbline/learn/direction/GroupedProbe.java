package dev.plumbline.learn.direction;

import ai.djl.Device;
import dev.plumbline.core.stats.MeanAccumulator;
import dev.plumbline.learn.direction.logistic.FoldMoments;
import dev.plumbline.learn.direction.logistic.LogisticFolds;
import dev.plumbline.learn.direction.logistic.Products;
import dev.plumbline.torch.runtime.DeviceMatrix;

/**
 * A logistic probe with its λ by prompt-grouped cross-validation, all folds and candidates at once
 * on a device.
 *
 * @param weights of the raw features {@code [F]}
 * @param ridge the λ chosen
 */
public record GroupedProbe(double[] weights, double ridge) {

  /**
   * Fits.
   *
   * @param rows features {@code [N,F]} row-major; centred and scaled in place
   * @param labels {@code [N]}, both outcomes outside every fold
   * @param fold of each row, no prompt in two of them {@code [N]}
   * @param ridges candidates of λ
   */
  public static GroupedProbe fit(
      Device device, float[] rows, boolean[] labels, int[] fold, double[] ridges) {
    int columns = rows.length / labels.length;
    double[] deviations = unit(rows, columns);
    try (DeviceMatrix matrix = new DeviceMatrix(device, rows, columns)) {
      LogisticFolds folds =
          new LogisticFolds(products(matrix), labels, new FoldMoments(rows, fold));
      double ridge = folds.choose(ridges);
      double[] weights = folds.fit(ridge).weights();
      for (int i = 0; i < columns; i++) {
        weights[i] /= deviations[i];
      }
      return new GroupedProbe(weights, ridge);
    }
  }

  /** Centres and scales, so that float32 products lose nothing to what all rows share. */
  private static double[] unit(float[] rows, int columns) {
    MeanAccumulator all = new MeanAccumulator(columns);
    all.add(rows, 0, rows.length / columns);
    double[] means = all.mean();
    double[] deviations = all.standardDeviation();
    for (int i = 0; i < columns; i++) {
      deviations[i] = deviations[i] > 0 ? deviations[i] : 1;
    }
    for (int at = 0; at < rows.length; at += columns) {
      for (int i = 0; i < columns; i++) {
        rows[at + i] = (float) ((rows[at + i] - means[i]) / deviations[i]);
      }
    }
    return deviations;
  }

  private static Products products(DeviceMatrix matrix) {
    return new Products() {
      @Override
      public int rows() {
        return matrix.rows();
      }

      @Override
      public int columns() {
        return matrix.columns();
      }

      @Override
      public float[] scores(float[] weights) {
        return matrix.scores(weights);
      }

      @Override
      public float[] gradients(float[] slopes) {
        return matrix.gradients(slopes);
      }
    };
  }
}
