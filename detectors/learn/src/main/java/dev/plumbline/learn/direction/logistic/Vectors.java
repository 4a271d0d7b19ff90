package dev.plumbline.learn.direction.logistic;

/** Sums and products of arrays of one length. */
final class Vectors {
  private Vectors() {}

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** {@code a + scale·b}, a new array. */
  static double[] plus(double[] a, double[] b, double scale) {
    double[] sum = a.clone();
    for (int i = 0; i < a.length; i++) {
      sum[i] += scale * b[i];
    }
    return sum;
  }

  static double[] scaled(double[] a, double scale) {
    double[] product = a.clone();
    for (int i = 0; i < a.length; i++) {
      product[i] *= scale;
    }
    return product;
  }
}
