package dev.plumbline.learn.direction.logistic;

import dev.plumbline.core.stats.MeanAccumulator;

/**
 * Mean and standard deviation of each feature of the <em>training</em> rows, and of no others. A
 * feature that does not vary is divided by 1, so it stays 0 everywhere. Immutable.
 */
public final class Standardisation {
  private final double[] means;
  private final double[] deviations;

  private Standardisation(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /** Measured on some rows of {@code [N,F]}, two or more. */
  public static Standardisation of(double[][] rows, int[] training) {
    MeanAccumulator accumulator = new MeanAccumulator(rows[0].length);
    for (int row : training) {
      accumulator.add(rows[row]);
    }
    double[] deviations = accumulator.standardDeviation();
    double[] means = accumulator.mean();
    for (int i = 0; i < deviations.length; i++) {
      boolean varies = deviations[i] > 1e-12 * Math.max(1, Math.abs(means[i]));
      deviations[i] = varies ? deviations[i] : 1;
    }
    return new Standardisation(means, deviations);
  }

  double mean(int feature) {
    return means[feature];
  }

  double deviation(int feature) {
    return deviations[feature];
  }

  /** The standardised row {@code [F]}, a new array. */
  public double[] apply(double[] row) {
    double[] z = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      z[i] = (row[i] - means[i]) / deviations[i];
    }
    return z;
  }
}
