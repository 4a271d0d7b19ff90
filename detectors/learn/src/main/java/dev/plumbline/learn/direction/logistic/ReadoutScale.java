package dev.plumbline.learn.direction.logistic;

import dev.plumbline.core.stats.MeanAccumulator;

/**
 * A readout's mean and spread on some rows, so that the scores of several fits can be pooled.
 *
 * @param mean of the readout
 * @param spread its standard deviation, 1 where it does not vary
 */
public record ReadoutScale(double mean, double spread) {
  /** Measured on rows {@code [M,F]}, two or more; read. */
  public static ReadoutScale of(LinearModel model, double[][] reference) {
    MeanAccumulator values = new MeanAccumulator(1);
    for (double[] row : reference) {
      values.add(model.value(row));
    }
    double spread = values.standardDeviation()[0];
    return new ReadoutScale(values.mean()[0], spread > 0 ? spread : 1);
  }

  /** The readout in spreads from the mean. */
  public double z(double value) {
    return (value - mean) / spread;
  }
}
