package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;

/**
 * From z to score: {@code σ(a·z + b)}, in [0, 1].
 *
 * @param a slope
 * @param b offset
 */
public record Sigmoid(double a, double b) {

  public Sigmoid {
    Check.finite(a, "slope a");
    Check.finite(b, "offset b");
  }

  /** The score of a z. */
  public double score(double z) {
    return logistic(a * z + b);
  }

  /** The z of a score strictly between 0 and 1. */
  public double z(double score) {
    Check.openUnit(score, "score");
    return (Math.log(score) - Math.log1p(-score) - b) / a;
  }

  /** {@code 1/(1 + e^−x)} without overflow at either end. */
  public static double logistic(double x) {
    double e = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
  }
}
