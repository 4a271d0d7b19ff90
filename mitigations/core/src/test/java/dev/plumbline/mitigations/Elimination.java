package dev.plumbline.mitigations;

/** Gaussian elimination of a small positive definite system, for references by hand. */
final class Elimination {

  private Elimination() {}

  /** x of A x = b, {@code system [K,K+1]} holding A and b; written over. */
  static double[] solve(double[][] system) {
    int k = system.length;
    for (int i = 0; i < k; i++) {
      for (int below = i + 1; below < k; below++) {
        double factor = system[below][i] / system[i][i];
        for (int j = i; j <= k; j++) {
          system[below][j] -= factor * system[i][j];
        }
      }
    }
    double[] x = new double[k];
    for (int i = k - 1; i >= 0; i--) {
      double sum = system[i][k];
      for (int j = i + 1; j < k; j++) {
        sum -= system[i][j] * x[j];
      }
      x[i] = sum / system[i][i];
    }
    return x;
  }
}
