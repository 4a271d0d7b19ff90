package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

/** Inverse of any regular matrix, by Gauss and Jordan with row pivots. O(n³). */
final class Inverse {
  private Inverse() {}

  /** The inverse {@code [n,n]}, a new array; the matrix is read. */
  static double[][] of(double[][] matrix) {
    int n = matrix.length;
    double[][] left = new double[n][];
    double[][] right = new double[n][n];
    for (int i = 0; i < n; i++) {
      left[i] = matrix[i].clone();
      right[i][i] = 1;
    }
    for (int column = 0; column < n; column++) {
      pivot(left, right, column);
      eliminate(left, right, column);
    }
    return right;
  }

  private static void pivot(double[][] left, double[][] right, int column) {
    int best = column;
    for (int i = column + 1; i < left.length; i++) {
      best = Math.abs(left[i][column]) > Math.abs(left[best][column]) ? i : best;
    }
    swap(left, best, column);
    swap(right, best, column);
    double pivot = left[column][column];
    Check.that(pivot != 0, "matrix", "regular", "singular", "raise the ridge");
    scale(left[column], 1 / pivot);
    scale(right[column], 1 / pivot);
  }

  private static void swap(double[][] rows, int a, int b) {
    double[] kept = rows[a];
    rows[a] = rows[b];
    rows[b] = kept;
  }

  private static void scale(double[] row, double factor) {
    for (int j = 0; j < row.length; j++) {
      row[j] *= factor;
    }
  }

  private static void eliminate(double[][] left, double[][] right, int column) {
    for (int i = 0; i < left.length; i++) {
      double factor = left[i][column];
      if (i != column && factor != 0) {
        subtract(left[i], left[column], factor, column);
        subtract(right[i], right[column], factor, 0);
      }
    }
  }

  private static void subtract(double[] from, double[] what, double factor, int start) {
    for (int j = start; j < from.length; j++) {
      from[j] -= factor * what[j];
    }
  }
}
