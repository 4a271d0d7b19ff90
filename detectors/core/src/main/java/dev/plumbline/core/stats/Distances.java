package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.Arrays;

/** Squared Euclidean distances between rows {@code [m,d]}. */
final class Distances {
  private static final int MOST = 2048;

  private Distances() {}

  static double squared(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  /** The median over all pairs of different rows, of the first 2048 where there are more. */
  static double medianSquared(double[][] rows) {
    Check.that(rows.length > 1, "rows", "2 or more", rows.length, "add more");
    int m = Math.min(rows.length, MOST);
    double[] all = new double[m * (m - 1) / 2];
    int at = 0;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < i; j++) {
        all[at++] = squared(rows[i], rows[j]);
      }
    }
    Arrays.sort(all);
    return all[all.length / 2];
  }
}
