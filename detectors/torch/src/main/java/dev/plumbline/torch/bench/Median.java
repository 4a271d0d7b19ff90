package dev.plumbline.torch.bench;

import java.util.Arrays;

/** The middle of some numbers, which a busy machine's bad moments do not move. */
public final class Median {
  private Median() {}

  /** The median; the mean of the two middle ones of an even count. */
  public static double of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("median: wanted at least one number, found none; measure");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
