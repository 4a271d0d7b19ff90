package dev.plumbline.core.stats;

import java.util.stream.IntStream;

/**
 * {@code C ← C + s·XᵀX} on the lower triangle of a symmetric {@code C [D,D]}, {@code X [n,D]}, in
 * double: the level-3 kernel behind covariances and Cholesky factors.
 *
 * <p>C is held as rows of which row i reaches to the end of its own block of columns, {@code X} as
 * panels {@code [P][n][w]} of w columns each, zeros beyond D and n a multiple of {@link #DEPTH}.
 * Two rows of C take eight rows of X at a time: eight values read serve sixteen multiplications,
 * and the inner loop runs over contiguous doubles, which the JIT turns into vectors. A pair of
 * panels is worked by one thread, so the result does not depend on how many there are.
 */
final class SymmetricUpdate {
  /** Rows of X that one sweep over C takes. */
  static final int DEPTH = 8;

  private static final int WIDEST = 256;
  private static final int ALONE = 64;

  private SymmetricUpdate() {}

  /** The width of a panel for D columns: a multiple of 8, at most 256, little of it padding. */
  static int width(int size) {
    int panels = (size + WIDEST - 1) / WIDEST;
    return ((size + panels - 1) / panels + 7) / 8 * 8;
  }

  /** A zero C: row i has room up to the end of its panel. */
  static double[][] lower(int size) {
    int width = width(size);
    double[][] rows = new double[size][];
    for (int i = 0; i < size; i++) {
      rows[i] = new double[(i / width + 1) * width];
    }
    return rows;
  }

  /** Adds {@code sign·XᵀX}, using panels from {@code first} on and the first {@code n} rows. */
  static void add(double[][] c, double[][][] x, int first, int n, double sign) {
    int panels = x.length - first;
    IntStream tasks = IntStream.range(0, panels * (panels + 1) / 2);
    (c.length > ALONE ? tasks.parallel() : tasks)
        .forEach(
            task -> {
              int row = (int) ((Math.sqrt(8.0 * task + 1) - 1) / 2);
              pair(c, x, first + row, first + task - row * (row + 1) / 2, n, sign);
            });
  }

  private static void pair(double[][] c, double[][][] x, int p, int q, int n, double sign) {
    int width = x[p][0].length;
    int end = Math.min(c.length, (p + 1) * width) - p * width;
    for (int k = 0; k < n; k += DEPTH) {
      for (int i = 0; i < end; i += 2) {
        double[] even = c[p * width + i];
        // An odd last row: the second is thrown away.
        double[] odd = i + 1 < end ? c[p * width + i + 1] : new double[even.length];
        two(even, odd, q * width, x[q], x[p], k, i, sign, width);
      }
    }
  }

  private static void two(
      double[] c, double[] d, int o, double[][] x, double[][] y, int k, int i, double s, int w) {
    double[] x0 = x[k], x1 = x[k + 1], x2 = x[k + 2], x3 = x[k + 3];
    double[] x4 = x[k + 4], x5 = x[k + 5], x6 = x[k + 6], x7 = x[k + 7];
    double a0 = s * y[k][i], b0 = s * y[k][i + 1];
    double a1 = s * y[k + 1][i], b1 = s * y[k + 1][i + 1];
    double a2 = s * y[k + 2][i], b2 = s * y[k + 2][i + 1];
    double a3 = s * y[k + 3][i], b3 = s * y[k + 3][i + 1];
    double a4 = s * y[k + 4][i], b4 = s * y[k + 4][i + 1];
    double a5 = s * y[k + 5][i], b5 = s * y[k + 5][i + 1];
    double a6 = s * y[k + 6][i], b6 = s * y[k + 6][i + 1];
    double a7 = s * y[k + 7][i], b7 = s * y[k + 7][i + 1];
    for (int j = 0; j < w; j++) {
      double c0 = Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], a0 * x0[j])));
      double c1 = Math.fma(a7, x7[j], Math.fma(a6, x6[j], Math.fma(a5, x5[j], a4 * x4[j])));
      c[o + j] += c0 + c1;
      double d0 = Math.fma(b3, x3[j], Math.fma(b2, x2[j], Math.fma(b1, x1[j], b0 * x0[j])));
      double d1 = Math.fma(b7, x7[j], Math.fma(b6, x6[j], Math.fma(b5, x5[j], b4 * x4[j])));
      d[o + j] += d0 + d1;
    }
  }
}
