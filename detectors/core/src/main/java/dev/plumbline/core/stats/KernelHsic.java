package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

/**
 * The normalised HSIC by its definition, kernels {@code [m,m]} and all: O(m³) time. The judge of
 * {@link HsicView}, and what to use where σ is so small that the kernel bends.
 */
public final class KernelHsic {

  private KernelHsic() {}

  /** How a kernel is centred; the figure is the same. */
  public enum Centring {
    /** {@code K H}, as the published code does. */
    RIGHT,
    /** {@code H K H}. */
    DOUBLE
  }

  /**
   * {@code tr(R_x R_y)}.
   *
   * @param x rows {@code [m,d]}
   * @param y rows {@code [m,e]}
   */
  public static double of(double[][] x, Hsic ofX, double[][] y, Hsic ofY, Centring centring) {
    Check.size(x.length, y.length, "rows of both variables");
    double[][] rx = smoother(x, ofX, centring);
    double[][] ry = smoother(y, ofY, centring);
    double sum = 0;
    for (int i = 0; i < rx.length; i++) {
      for (int j = 0; j < rx.length; j++) {
        sum += rx[i][j] * ry[j][i];
      }
    }
    return sum;
  }

  /** The same, both variables with one set of settings, centred on both sides. */
  public static double of(double[][] x, double[][] y, Hsic settings) {
    return of(x, settings, y, settings, Centring.DOUBLE);
  }

  /** {@code R = K_c (K_c + ε m I)⁻¹ = I − ε m (K_c + ε m I)⁻¹}. */
  private static double[][] smoother(double[][] rows, Hsic settings, Centring centring) {
    double[][] kernel = kernel(rows, settings.sigma());
    centre(kernel, centring);
    int m = rows.length;
    double ridge = settings.epsilon() * m;
    for (int i = 0; i < m; i++) {
      kernel[i][i] += ridge;
    }
    double[][] inverse = Inverse.of(kernel);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        inverse[i][j] = (i == j ? 1 : 0) - ridge * inverse[i][j];
      }
    }
    return inverse;
  }

  private static double[][] kernel(double[][] rows, double sigma) {
    int m = rows.length;
    double scale = 2 * sigma * sigma * rows[0].length;
    double[][] kernel = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j <= i; j++) {
        kernel[i][j] = Math.exp(-Distances.squared(rows[i], rows[j]) / scale);
        kernel[j][i] = kernel[i][j];
      }
    }
    return kernel;
  }

  /** {@code K H} takes each row's mean from the row; {@code H K} each column's from the column. */
  private static void centre(double[][] kernel, Centring centring) {
    int m = kernel.length;
    double[] columns = new double[m];
    for (double[] row : kernel) {
      double mean = 0;
      for (double value : row) {
        mean += value / m;
      }
      for (int j = 0; j < m; j++) {
        row[j] -= mean;
        columns[j] += row[j] / m;
      }
    }
    for (int i = 0; i < m && centring == Centring.DOUBLE; i++) {
      for (int j = 0; j < m; j++) {
        kernel[i][j] -= columns[j];
      }
    }
  }
}
