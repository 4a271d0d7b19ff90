package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.MeanAccumulator;
import dev.plumbline.learn.direction.logistic.LinearModel;

/** The mean row of one outcome minus that of the other, as a readout without bias. */
final class MeanDifference {
  private MeanDifference() {}

  /** Of some rows of {@code [N,F]}, both outcomes among them. */
  static LinearModel of(double[][] rows, boolean[] labels, int[] training) {
    MeanAccumulator misaligned = new MeanAccumulator(rows[0].length);
    MeanAccumulator aligned = new MeanAccumulator(rows[0].length);
    for (int row : training) {
      (labels[row] ? misaligned : aligned).add(rows[row]);
    }
    double[] difference = misaligned.mean();
    double[] from = aligned.mean();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= from[i];
    }
    return new LinearModel(difference, 0);
  }
}
