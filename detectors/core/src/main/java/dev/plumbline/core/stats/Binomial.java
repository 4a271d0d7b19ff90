package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

/**
 * A rate counted as k of n, with its exact interval (Clopper and Pearson, 1934): never covers less
 * than it says, also for the small counts that false positives are.
 */
public final class Binomial {

  /** Halvings of [0, 1] until a double cannot be halved further near 2⁻⁶⁴. */
  private static final int HALVINGS = 64;

  private Binomial() {}

  /**
   * The rate k/n with its interval.
   *
   * @param k successes, 0 to n
   * @param n trials, 1 or more
   * @param confidence in (0, 1)
   */
  public static Estimate estimate(long k, long n, double confidence) {
    return Estimate.of((double) k / n, interval(k, n, confidence), n);
  }

  /** The interval of k of n. */
  public static Interval interval(long k, long n, double confidence) {
    Check.that(n > 0, "trials", "1 or more", n, "count some");
    Check.that(k >= 0 && k <= n, "successes", "0 to " + n, k, "check the count");
    Check.openUnit(confidence, "confidence");
    double tail = (1 - confidence) / 2;
    double low = k == 0 ? 0 : quantile(tail, k, n - k + 1.0);
    double high = k == n ? 1 : quantile(1 - tail, k + 1.0, n - k);
    return new Interval(low, high, confidence);
  }

  /** The x with I_x(a, b) = probability. */
  private static double quantile(double probability, double a, double b) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (IncompleteBeta.regularised(middle, a, b) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
