package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

/**
 * The exact test of paired yes-or-no outcomes (McNemar 1947): of the pairs that changed, is one
 * direction more common than chance? Pairs that did not change say nothing.
 */
public final class McNemar {
  private McNemar() {}

  /**
   * The two-sided p-value: twice the smaller tail of a fair coin over {@code gained + lost} throws,
   * at most 1; 1 where nothing changed.
   *
   * @param gained pairs from no to yes
   * @param lost pairs from yes to no
   */
  public static double exact(long gained, long lost) {
    Check.that(gained >= 0 && lost >= 0, "pairs that changed", "0 or more", lost, "count again");
    long n = gained + lost;
    if (n == 0) {
      return 1;
    }
    long fewer = Math.min(gained, lost);
    // P(X ≤ k) of a fair coin is the regularised incomplete beta I_½(n−k, k+1).
    return Math.min(1, 2 * IncompleteBeta.regularised(0.5, n - fewer, fewer + 1.0));
  }
}
