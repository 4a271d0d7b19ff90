package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.stream.IntStream;

/**
 * The Cholesky factor of a symmetric positive definite matrix {@code A + ridge·I = L Lᵀ} {@code
 * [D,D]}, in double, panel by panel: inside a panel of columns by rows, the rest by {@link
 * SymmetricUpdate}. Immutable.
 */
public final class Cholesky {
  private final double[][] lower;

  private Cholesky(double[][] lower) {
    this.lower = lower;
  }

  /**
   * Factorises.
   *
   * @param symmetric {@code [D,D]}, its lower triangle read, not changed
   * @param ridge added to its diagonal, 0 or above
   * @throws IllegalArgumentException if the sum is not positive definite
   */
  public static Cholesky of(double[][] symmetric, double ridge) {
    double[][] lower = SymmetricUpdate.lower(symmetric.length);
    for (int i = 0; i < lower.length; i++) {
      System.arraycopy(symmetric[i], 0, lower[i], 0, i + 1);
      lower[i][i] += ridge;
    }
    Cholesky cholesky = new Cholesky(lower);
    int width = SymmetricUpdate.width(lower.length);
    for (int from = 0; from < lower.length; from += width) {
      int to = Math.min(lower.length, from + width);
      cholesky.panel(from, to);
      if (to < lower.length) {
        cholesky.update(from / width, width);
      }
    }
    return cholesky;
  }

  private void panel(int from, int to) {
    for (int j = from; j < to; j++) {
      double pivot = lower[j][j] - dot(lower[j], lower[j], from, j);
      Check.that(
          pivot > 0,
          "matrix to be inverted, column " + j,
          "a positive definite one",
          "pivot " + pivot,
          "raise the ridge, or collect more answers than the width D");
      double root = Math.sqrt(pivot);
      lower[j][j] = root;
      int column = j;
      IntStream below = IntStream.range(j + 1, lower.length);
      (lower.length > 1024 ? below.parallel() : below)
          .forEach(
              i ->
                  lower[i][column] =
                      (lower[i][column] - dot(lower[i], lower[column], from, column)) / root);
    }
  }

  /** Takes a finished panel out of all columns after it. */
  private void update(int panel, int width) {
    int panels = (lower.length + width - 1) / width;
    double[][][] transposed = new double[panels][width][width];
    for (int i = (panel + 1) * width; i < lower.length; i++) {
      for (int k = 0; k < width; k++) {
        transposed[i / width][k][i % width] = lower[i][panel * width + k];
      }
    }
    SymmetricUpdate.add(lower, transposed, panel + 1, width, -1);
  }

  /** Four sums side by side: one would wait for itself at every step. */
  private static double dot(double[] a, double[] b, int from, int to) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    int k = from;
    for (; k + 3 < to; k += 4) {
      s0 += a[k] * b[k];
      s1 += a[k + 1] * b[k + 1];
      s2 += a[k + 2] * b[k + 2];
      s3 += a[k + 3] * b[k + 3];
    }
    for (; k < to; k++) {
      s0 += a[k] * b[k];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** {@code L⁻¹ b} {@code [D]}, a new array: {@code |L⁻¹ b|² = bᵀ (A + ridge·I)⁻¹ b}. */
  public double[] forward(double[] b) {
    Check.size(lower.length, b.length, "right-hand side");
    double[] x = b.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = (x[i] - dot(lower[i], x, 0, i)) / lower[i][i];
    }
    return x;
  }

  /** {@code x} of {@code (A + ridge·I) x = b} {@code [D]}, a new array. */
  public double[] solve(double[] b) {
    double[] x = forward(b);
    for (int i = x.length - 1; i >= 0; i--) {
      x[i] /= lower[i][i];
      for (int j = 0; j < i; j++) {
        x[j] -= lower[i][j] * x[i];
      }
    }
    return x;
  }
}
