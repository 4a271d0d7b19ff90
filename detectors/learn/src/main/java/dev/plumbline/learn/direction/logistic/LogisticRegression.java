package dev.plumbline.learn.direction.logistic;

import dev.plumbline.core.artefact.Sigmoid;

/**
 * Logistic regression with a ridge: minimises {@code Σ c_i·ln(1 + e^(−y_i f_i)) + (λ/2)|w|²} with
 * {@code f = w·x + b}; the bias is free. The row weights c sum to 1, half of it for each outcome,
 * so λ means the same for any N and any share of misaligned answers.
 *
 * <p>Truncated Newton (Lin, Weng and Keerthi, 2008): each step solves {@code H s = −g} by conjugate
 * gradients as exactly as the distance to the minimum is worth, then halves s until the loss falls.
 * O(N·F) memory traffic per product, no {@code [F,F]} matrix. Deterministic. Not thread-safe.
 */
public final class LogisticRegression {
  private static final int MOST_STEPS = 60;
  private static final int MOST_PRODUCTS = 250;

  /** The gradient has fallen to this share of its first size: the minimum, for a convex loss. */
  private static final double TOLERANCE = 1e-9;

  private final Design design;
  private final boolean[] positive;
  private final double[] weight;
  private final double ridge;
  private final double[] curvature;

  private LogisticRegression(Design design, boolean[] positive, double ridge) {
    this.design = design;
    this.positive = positive;
    this.weight = balanced(positive);
    this.ridge = ridge;
    this.curvature = new double[design.rows()];
  }

  /**
   * The minimum.
   *
   * @param design features {@code [N,F]}
   * @param positive labels {@code [N]}, both outcomes
   * @param ridge λ above 0
   */
  public static LinearModel fit(Design design, boolean[] positive, double ridge) {
    return fit(design, positive, ridge, null);
  }

  /** The same from a start, such as the minimum of a neighbouring λ; null for none. */
  public static LinearModel fit(
      Design design, boolean[] positive, double ridge, LinearModel start) {
    double[] at = new double[design.columns() + 1];
    if (start != null) {
      System.arraycopy(start.weights(), 0, at, 0, at.length - 1);
      at[at.length - 1] = start.bias();
    }
    double[] minimum = new LogisticRegression(design, positive, ridge).newton(at);
    double[] weights = new double[design.columns()];
    System.arraycopy(minimum, 0, weights, 0, weights.length);
    return new LinearModel(weights, minimum[weights.length]);
  }

  private static double[] balanced(boolean[] positive) {
    int positives = 0;
    for (boolean each : positive) {
      positives += each ? 1 : 0;
    }
    int negatives = positive.length - positives;
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          "logistic regression: wanted both outcomes, found "
              + positives
              + " misaligned of "
              + positive.length
              + "; collect answers of both kinds");
    }
    double[] weight = new double[positive.length];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = 0.5 / (positive[i] ? positives : negatives);
    }
    return weight;
  }

  private double[] newton(double[] at) {
    double loss = loss(at);
    double first = Vectors.norm(gradient(new double[at.length]));
    for (int i = 0; i < MOST_STEPS; i++) {
      double[] gradient = gradient(at);
      double size = Vectors.norm(gradient);
      if (size <= TOLERANCE * first) {
        return at;
      }
      double[] step = conjugateGradients(gradient, Math.min(0.1, Math.sqrt(size / first)) * size);
      double[] next = halved(at, step, Vectors.dot(gradient, step), loss);
      if (next == null) {
        return at;
      }
      at = next;
      loss = loss(at);
    }
    return at;
  }

  /** The full step, or the largest halving that lowers the loss enough (Armijo), or null. */
  private double[] halved(double[] from, double[] step, double slope, double loss) {
    for (double size = 1; size > 1e-9; size /= 2) {
      double[] to = Vectors.plus(from, step, size);
      if (loss(to) <= loss + 1e-4 * size * slope) {
        return to;
      }
    }
    return null;
  }

  private double loss(double[] at) {
    double sum = 0;
    int last = at.length - 1;
    for (int row = 0; row < weight.length; row++) {
      double f = design.dot(row, at) + at[last];
      double margin = positive[row] ? f : -f;
      sum += weight[row] * (Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))));
    }
    return sum + ridge / 2 * (Vectors.dot(at, at) - at[last] * at[last]);
  }

  /** The gradient; leaves the curvature of each row for {@link #product}. */
  private double[] gradient(double[] at) {
    int last = at.length - 1;
    double[] gradient = Vectors.scaled(at, ridge);
    gradient[last] = 0;
    for (int row = 0; row < weight.length; row++) {
      double p = Sigmoid.logistic(design.dot(row, at) + at[last]);
      double slope = weight[row] * (p - (positive[row] ? 1 : 0));
      curvature[row] = weight[row] * p * (1 - p);
      design.addTo(gradient, row, slope);
      gradient[last] += slope;
    }
    return gradient;
  }

  /** {@code H v}. */
  private double[] product(double[] v) {
    int last = v.length - 1;
    double[] product = Vectors.scaled(v, ridge);
    product[last] = 0;
    for (int row = 0; row < weight.length; row++) {
      double change = curvature[row] * (design.dot(row, v) + v[last]);
      design.addTo(product, row, change);
      product[last] += change;
    }
    return product;
  }

  /** Solves {@code H s = −g} to a residual of {@code tolerance}. */
  private double[] conjugateGradients(double[] gradient, double tolerance) {
    double[] step = new double[gradient.length];
    double[] residual = Vectors.scaled(gradient, -1);
    double[] towards = residual.clone();
    double squared = Vectors.dot(residual, residual);
    for (int i = 0; i < MOST_PRODUCTS && Math.sqrt(squared) > tolerance; i++) {
      double[] product = product(towards);
      double bend = Vectors.dot(towards, product);
      if (bend <= 0) {
        break;
      }
      step = Vectors.plus(step, towards, squared / bend);
      residual = Vectors.plus(residual, product, -squared / bend);
      double next = Vectors.dot(residual, residual);
      towards = Vectors.plus(residual, towards, next / squared);
      squared = next;
    }
    return step;
  }
}
