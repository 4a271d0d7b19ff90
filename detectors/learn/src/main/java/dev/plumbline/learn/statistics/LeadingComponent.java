package dev.plumbline.learn.statistics;

import java.util.Arrays;
import java.util.Random;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/**
 * The eigenvector of the largest eigenvalue of a symmetric positive semi-definite matrix {@code
 * [D,D]} (Lanczos 1950, every step orthogonalised against all before it, restarted from what it
 * found): matrix–vector products only, O(D²) each.
 */
final class LeadingComponent {
  private static final int STEPS = 48;
  private static final int RESTARTS = 50;
  private static final double CLOSE = 1e-10;

  private final double[][] matrix;

  private LeadingComponent(double[][] matrix) {
    this.matrix = matrix;
  }

  /**
   * A unit vector, its sign open; the zero vector for a zero matrix.
   *
   * @param symmetric read
   * @param start anywhere not orthogonal to the answer; a little noise is added
   */
  static double[] of(double[][] symmetric, double[] start) {
    LeadingComponent component = new LeadingComponent(symmetric);
    double[] x = start.clone();
    Random random = new Random(1);
    double noise = 1e-3 * norm(start) / Math.sqrt(x.length) + Double.MIN_NORMAL;
    for (int i = 0; i < x.length; i++) {
      x[i] += noise * random.nextGaussian();
    }
    scale(x, 1 / norm(x));
    for (int r = 0; r < RESTARTS; r++) {
      double[] image = component.times(x);
      double value = dot(x, image);
      axpy(image, x, -value);
      if (value == 0 || norm(image) <= CLOSE * value) {
        return value == 0 ? new double[x.length] : x;
      }
      x = component.cycle(x);
    }
    return x;
  }

  /** The best vector of one Krylov space. */
  private double[] cycle(double[] start) {
    int steps = Math.min(STEPS, matrix.length);
    double[][] basis = new double[steps][];
    double[] alpha = new double[steps];
    double[] beta = new double[steps];
    basis[0] = start;
    int n = 0;
    double[] next = start;
    while (n < steps) {
      basis[n] = next;
      next = times(basis[n]);
      alpha[n] = dot(basis[n], next);
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k <= n; k++) {
          axpy(next, basis[k], -dot(next, basis[k]));
        }
      }
      beta[n] = norm(next);
      n++;
      if (beta[n - 1] <= 1e-14 * Math.abs(alpha[0])) {
        break;
      }
      scale(next, 1 / beta[n - 1]);
    }
    return combine(basis, weights(alpha, beta, n));
  }

  private static double[] weights(double[] alpha, double[] beta, int n) {
    RealMatrix small = MatrixUtils.createRealMatrix(n, n);
    for (int i = 0; i < n; i++) {
      small.setEntry(i, i, alpha[i]);
      if (i + 1 < n) {
        small.setEntry(i, i + 1, beta[i]);
        small.setEntry(i + 1, i, beta[i]);
      }
    }
    EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(small);
    int largest = 0;
    for (int i = 1; i < n; i++) {
      largest = eigen.getEigenvalue(i) > eigen.getEigenvalue(largest) ? i : largest;
    }
    return eigen.getEigenvector(largest).toArray();
  }

  private static double[] combine(double[][] basis, double[] weights) {
    double[] sum = new double[basis[0].length];
    for (int k = 0; k < weights.length; k++) {
      axpy(sum, basis[k], weights[k]);
    }
    scale(sum, 1 / norm(sum));
    return sum;
  }

  private double[] times(double[] x) {
    return Arrays.stream(matrix).parallel().mapToDouble(row -> dot(row, x)).toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static void axpy(double[] into, double[] x, double scale) {
    for (int i = 0; i < into.length; i++) {
      into[i] += scale * x[i];
    }
  }

  private static void scale(double[] x, double by) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= by;
    }
  }
}
