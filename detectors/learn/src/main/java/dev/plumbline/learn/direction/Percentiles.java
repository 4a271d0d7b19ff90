package dev.plumbline.learn.direction;

import dev.plumbline.core.stats.Interval;
import java.util.Arrays;

/** Percentile intervals of resampled figures. */
final class Percentiles {
  private Percentiles() {}

  static Interval interval(double[] values, double confidence) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int cut = (int) Math.floor((1 - confidence) / 2 * sorted.length);
    return new Interval(sorted[cut], sorted[sorted.length - 1 - cut], confidence);
  }
}
