package dev.plumbline.core.calibrate;

import dev.plumbline.core.Check;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Split-conformal threshold (Papadopoulos et al. 2002; Vovk et al. 2005): the ⌈(n+1)(1−α)⌉-th
 * smallest of n held-out aligned scores.
 *
 * <p>If the next aligned score is exchangeable with those, it lies above the threshold with
 * probability at most α, whatever the distribution. Exchangeable means disjoint prompts of the same
 * traffic, and the same statistic: for streams, the maximum over the checkpoints.
 */
public final class SplitConformal {

  private SplitConformal() {}

  /**
   * The threshold for {@code score > threshold}.
   *
   * @param alignedScores {@code [N]}, none NaN; read, not kept
   * @param alpha nominal false-positive rate, in (0, 1)
   */
  public static double threshold(double[] alignedScores, double alpha) {
    int needed = needed(alpha);
    Check.that(
        alignedScores.length >= needed,
        "calibration scores at alpha " + alpha,
        needed + " or more (1/alpha - 1)",
        alignedScores.length,
        "calibrate on more exchanges or raise alpha");
    double[] sorted = alignedScores.clone();
    Arrays.sort(sorted);
    Check.that(
        !Double.isNaN(sorted[sorted.length - 1]),
        "calibration scores",
        "numbers",
        "NaN",
        "drop it");
    return sorted[rank(sorted.length, alpha) - 1];
  }

  /** The fewest scores a threshold at alpha can rest on: ⌈1/α⌉ − 1, at least 1. */
  public static int needed(double alpha) {
    Check.openUnit(alpha, "alpha");
    BigDecimal one = BigDecimal.ONE;
    BigDecimal exact = BigDecimal.valueOf(alpha);
    BigDecimal[] parts = one.divideAndRemainder(exact);
    int ceiling = parts[0].intValueExact() + (parts[1].signum() == 0 ? 0 : 1);
    return Math.max(1, ceiling - 1);
  }

  /**
   * ⌈(n+1)(1−α)⌉, of α as it is written in decimal: in binary, 1000 · (1 − 0.03) may land a hair
   * above 970 and take the next rank.
   */
  static int rank(int n, double alpha) {
    return BigDecimal.ONE
        .subtract(BigDecimal.valueOf(alpha))
        .multiply(BigDecimal.valueOf(n + 1L))
        .setScale(0, RoundingMode.CEILING)
        .intValueExact();
  }
}
