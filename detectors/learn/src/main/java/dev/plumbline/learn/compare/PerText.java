package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sums over the tokens of each of N texts, and how many tokens there are. Means are over tokens:
 * every token counts the same, whatever its text.
 *
 * @param sums {@code [N]}; NaN or infinite where the model gave no number: see {@link #finite}
 * @param counts {@code [N]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record PerText(double[] sums, long[] counts) {
  public PerText {
    Check.size(sums.length, counts.length, "counts of texts");
  }

  /** Mean over the tokens of all texts. */
  public double mean() {
    return mean(IntStream.range(0, sums.length).toArray());
  }

  /** Mean over the tokens of some texts, by number; one named twice counts twice. */
  public double mean(int[] texts) {
    double sum = 0;
    long count = 0;
    for (int text : texts) {
      sum += sums[text];
      count += counts[text];
    }
    return sum / count;
  }

  /** Texts whose sum is a number. */
  public long finite() {
    return Arrays.stream(sums).filter(Double::isFinite).count();
  }

  /** N. */
  public int texts() {
    return sums.length;
  }
}
