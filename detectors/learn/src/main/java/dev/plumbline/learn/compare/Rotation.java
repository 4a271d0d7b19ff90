package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import java.util.Random;

/**
 * Turns a vector by a random angle that keeps its length: {@code x' = √(1−ε²) x + ε y} with y
 * random, {@code y ⟂ x} and {@code ‖y‖ = ‖x‖}. So {@code ‖x'‖ = ‖x‖} and {@code cos(x, x') =
 * √(1−ε²)}; ε = 1 keeps nothing but the length (Soligo et al. 2026, stability).
 */
public final class Rotation {
  private Rotation() {}

  /**
   * A turned copy.
   *
   * @param x {@code [n]} with n of 2 or more; zeros stay zeros
   * @param epsilon in [0,1]
   */
  public static float[] of(float[] x, double epsilon, Random random) {
    Check.that(epsilon >= 0 && epsilon <= 1, "epsilon", "0 to 1", epsilon, "correct the grid");
    Check.that(x.length > 1, "values to turn", "2 or more", x.length, "leave it out");
    double norm = Math.sqrt(dot(x, x));
    double[] y = across(x, norm, random);
    double keep = Math.sqrt((1 - epsilon) * (1 + epsilon));
    float[] turned = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      turned[i] = (float) (keep * x[i] + epsilon * y[i]);
    }
    return turned;
  }

  /** Normal noise without its part along x, as long as x. Twice, so that rounding is gone too. */
  private static double[] across(float[] x, double norm, Random random) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = random.nextGaussian();
    }
    if (norm == 0) {
      return new double[x.length];
    }
    for (int pass = 0; pass < 2; pass++) {
      double along = dot(x, y) / (norm * norm);
      for (int i = 0; i < y.length; i++) {
        y[i] -= along * x[i];
      }
    }
    double scale = norm / Math.sqrt(dot(y));
    for (int i = 0; i < y.length; i++) {
      y[i] *= scale;
    }
    return y;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double dot(float[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double dot(double[] a) {
    double sum = 0;
    for (double value : a) {
      sum += value * value;
    }
    return sum;
  }
}
