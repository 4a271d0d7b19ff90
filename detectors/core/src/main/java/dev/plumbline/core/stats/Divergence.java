package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

/**
 * KL(p ‖ q) = Σ p (log p − log q) of two distributions given by their log-probabilities, in nats.
 *
 * <p>A vocabulary cell that p never takes adds nothing, and one that only q never takes costs as
 * much as a log-probability of {@link #FLOOR}: so the figure is finite for masked cells (−∞) too,
 * where the naive formula gives 0·(−∞). It is a sum over the vocabulary and no mean.
 */
public final class Divergence {

  /** Below this a log-probability is treated as this, in nats; e to this is 0 in any format. */
  public static final double FLOOR = -1e4;

  private Divergence() {}

  /**
   * Nats of one token; NaN where a log-probability is.
   *
   * @param logP log-probabilities {@code [V]} of the reference
   * @param logQ log-probabilities {@code [V]} of what is compared with it
   */
  public static double nats(double[] logP, double[] logQ) {
    Check.size(logP.length, logQ.length, "log-probabilities");
    double sum = 0;
    for (int v = 0; v < logP.length; v++) {
      double p = Math.max(logP[v], FLOOR);
      sum += Math.exp(p) * (p - Math.max(logQ[v], FLOOR));
    }
    return sum < 0 ? 0 : sum;
  }
}
