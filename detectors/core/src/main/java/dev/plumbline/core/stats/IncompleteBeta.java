package dev.plumbline.core.stats;

/**
 * The regularised incomplete beta function I_x(a, b): for whole a, the probability that a binomial
 * of a+b−1 trials of chance x has at least a successes.
 */
final class IncompleteBeta {

  private static final double TINY = 1e-300;
  private static final double EPSILON = 1e-15;
  private static final int MOST_TERMS = 100_000;
  private static final double LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);

  private IncompleteBeta() {}

  static double regularised(double x, double a, double b) {
    if (x <= 0 || x >= 1) {
      return x <= 0 ? 0 : 1;
    }
    // The fraction converges fast below the mean only; above it the complement is.
    return x < (a + 1) / (a + b + 2)
        ? front(x, a, b) * fraction(x, a, b) / a
        : 1 - front(1 - x, b, a) * fraction(1 - x, b, a) / b;
  }

  /** xᵃ(1−x)ᵇ / B(a, b). */
  private static double front(double x, double a, double b) {
    return Math.exp(
        a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  }

  /** The continued fraction of DLMF 8.17.22, by Lentz's method. */
  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / away(1 - (a + b) * x / (a + 1));
    double result = d;
    for (int m = 1; m < MOST_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / away(1 + even * d);
      c = away(1 + even / c);
      result *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / away(1 + odd * d);
      c = away(1 + odd / c);
      result *= d * c;
      if (Math.abs(d * c - 1) < EPSILON) {
        return result;
      }
    }
    throw new ArithmeticException(
        "incomplete beta: wanted convergence in "
            + MOST_TERMS
            + " terms, found none at x="
            + x
            + ", a="
            + a
            + ", b="
            + b
            + "; use smaller counts");
  }

  private static double away(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }

  /** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1) after moving x above 15. */
  static double logGamma(double x) {
    double moved = 0;
    double y = x;
    while (y < 15) {
      moved += Math.log(y);
      y++;
    }
    double r = 1 / (y * y);
    double series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680)))) / y;
    return (y - 0.5) * Math.log(y) - y + LOG_SQRT_2_PI + series - moved;
  }
}
