package dev.plumbline.mitigations;

import dev.plumbline.core.Check;

/** The standard normal distribution, to 1e-13 where a percentile means something. */
final class StandardNormal {
  private static final double FAR = 8;
  private static final int HALVINGS = 60;

  private StandardNormal() {}

  /** Φ by its series {@code 1/2 + φ(x)·(x + x³/3 + x⁵/(3·5) + …)}, which converges everywhere. */
  static double cumulative(double x) {
    double term = x;
    double sum = x;
    for (int k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
      term *= x * x / k;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Φ⁻¹ by bisection. */
  static double quantile(double share) {
    Check.openUnit(share, "share of a normal distribution");
    double low = -FAR;
    double high = FAR;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (cumulative(middle) < share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
