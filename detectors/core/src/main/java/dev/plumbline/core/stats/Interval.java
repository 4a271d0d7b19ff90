package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.Arrays;

/**
 * A two-sided interval.
 *
 * @param low lower end
 * @param high upper end
 * @param confidence nominal cover, in (0, 1)
 */
public record Interval(double low, double high, double confidence) {

  public Interval {
    Check.that(low <= high, "interval", "low ≤ high", low + " and " + high, "swap the ends");
    Check.openUnit(confidence, "confidence");
  }

  /**
   * The percentile interval of resampled figures (Efron 1979): as many are cut off at either end.
   *
   * @param values one or more, none NaN; read
   */
  public static Interval percentiles(double[] values, double confidence) {
    Check.openUnit(confidence, "confidence");
    Check.that(values.length > 0, "resampled figures", "1 or more", 0, "draw more often");
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int cut = (int) Math.floor((1 - confidence) / 2 * sorted.length);
    return new Interval(sorted[cut], sorted[sorted.length - 1 - cut], confidence);
  }

  /** Whether a value lies inside, ends included. */
  public boolean contains(double value) {
    return value >= low && value <= high;
  }
}
