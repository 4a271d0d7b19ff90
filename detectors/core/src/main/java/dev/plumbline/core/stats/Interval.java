package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

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

  /** Whether a value lies inside, ends included. */
  public boolean contains(double value) {
    return value >= low && value <= high;
  }
}
