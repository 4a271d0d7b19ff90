package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.stream.IntStream;

/**
 * One variable as the normalised HSIC sees it, in closed form: ridge CCA. O(m d²) instead of an
 * inverse {@code [m,m]}. Immutable; rows are read, not kept.
 *
 * <p>With standardised features and σ = 50 every {@code D²/(2σ²d)} is far below 1, so {@code
 * exp(−x) ≈ 1 − x} and the centred kernel is {@code X_c X_cᵀ / (σ² d)}. Then
 *
 * <pre>
 *   R = K_c (K_c + ε m I)⁻¹ = X_c (X_cᵀ X_c + ε m σ² d I)⁻¹ X_cᵀ = Z Zᵀ,   Z = X_c L⁻ᵀ  [m,d]
 *   tr(R_x R_y) = |Z_xᵀ Z_y|²_F = Σ_ij g_i (u_iᵀ w_j)² h_j,   g_i = λ_i / (λ_i + ε m)
 * </pre>
 *
 * with L the Cholesky factor, so that no eigenvectors are needed. Centring the kernel on one side
 * or on both gives the same R.
 */
public final class HsicView {
  private final double[][] z;
  private final double trace;

  private HsicView(double[][] z) {
    this.z = z;
    double sum = 0;
    for (double[] row : z) {
      sum += dot(row, row);
    }
    this.trace = sum;
  }

  /** Of rows {@code [m,d]}, two or more, finite. */
  public static HsicView of(double[][] rows, Hsic settings) {
    Check.that(rows.length > 1, "HSIC rows", "2 or more", rows.length, "add more");
    int d = rows[0].length;
    double[][] centred = centred(rows);
    double ridge = settings.epsilon() * rows.length * settings.sigma() * settings.sigma() * d;
    Cholesky factor = Cholesky.of(gram(centred), ridge);
    return new HsicView(
        IntStream.range(0, rows.length)
            .parallel()
            .mapToObj(i -> factor.forward(centred[i]))
            .toArray(double[][]::new));
  }

  /** Of labels, as one column of 0 and 1. */
  public static HsicView of(boolean[] labels, Hsic settings) {
    double[][] column = new double[labels.length][1];
    for (int i = 0; i < labels.length; i++) {
      column[i][0] = labels[i] ? 1 : 0;
    }
    return of(column, settings);
  }

  private static double[][] centred(double[][] rows) {
    MeanAccumulator accumulator = new MeanAccumulator(rows[0].length);
    for (double[] row : rows) {
      accumulator.add(row);
    }
    double[] mean = accumulator.mean();
    double[][] centred = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      centred[i] = rows[i].clone();
      for (int j = 0; j < mean.length; j++) {
        Check.finite(rows[i][j], "feature " + j + " of row " + i);
        centred[i][j] -= mean[j];
      }
    }
    return centred;
  }

  /** {@code XᵀX}, the lower triangle. */
  private static double[][] gram(double[][] x) {
    int d = x[0].length;
    double[][] gram = new double[d][];
    IntStream.range(0, d).parallel().forEach(i -> gram[i] = gramRow(x, i));
    return gram;
  }

  private static double[] gramRow(double[][] x, int i) {
    double[] row = new double[i + 1];
    for (double[] each : x) {
      double value = each[i];
      for (int j = 0; j <= i; j++) {
        row[j] += value * each[j];
      }
    }
    return row;
  }

  /** m. */
  public int rows() {
    return z.length;
  }

  /** {@code tr(R_x R_y)}; symmetric. */
  public double information(HsicView other) {
    return information(other, IntStream.range(0, z.length).toArray());
  }

  /**
   * The same with the other's rows in another order, for a permutation null.
   *
   * @param order row i of this one meets row {@code order[i]} of the other {@code [m]}
   */
  public double information(HsicView other, int[] order) {
    Check.size(z.length, other.z.length, "rows of both variables");
    Check.size(z.length, order.length, "order of rows");
    HsicView narrow = other.z[0].length < z[0].length ? other : this;
    boolean swapped = narrow == other;
    HsicView wide = swapped ? this : other;
    double sum = 0;
    for (int column = 0; column < narrow.z[0].length; column++) {
      double[] product = new double[wide.z[0].length];
      for (int i = 0; i < order.length; i++) {
        double factor = narrow.z[swapped ? order[i] : i][column];
        double[] row = wide.z[swapped ? i : order[i]];
        for (int k = 0; k < product.length; k++) {
          product[k] += factor * row[k];
        }
      }
      sum += dot(product, product);
    }
    return sum;
  }

  /** {@code tr(R) = Σ g_i}: what {@code information} of this one with anything stays below. */
  public double trace() {
    return trace;
  }

  /**
   * The most that {@link #information} of two variables can be: the lesser trace, as {@code 0 ≤ R ≤
   * I}. 0.909 with a balanced binary label at the published settings.
   */
  public double ceiling(HsicView other) {
    return Math.min(trace, other.trace);
  }

  /**
   * The mean over all orders of the other's rows: {@code tr R_x tr R_y / (m − 1)}, exact, because
   * both R leave the constant vector out.
   */
  public double byChance(HsicView other) {
    return trace * other.trace / (z.length - 1);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
