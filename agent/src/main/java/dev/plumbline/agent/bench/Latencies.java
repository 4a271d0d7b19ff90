package dev.plumbline.agent.bench;

import java.util.Arrays;

/** Times in milliseconds, kept whole. One thread. */
final class Latencies {
  private double[] millis = new double[1024];
  private int count;

  void add(double value) {
    if (count == millis.length) {
      millis = Arrays.copyOf(millis, 2 * count);
    }
    millis[count++] = value;
  }

  int count() {
    return count;
  }

  /** The value that a share of all do not exceed (nearest rank); NaN of none. */
  double quantile(double share) {
    if (count == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(millis, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1L, Math.round(Math.ceil(share * count)) - 1)];
  }
}
