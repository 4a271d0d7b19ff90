package dev.plumbline.learn.selection;

/**
 * Log-odds of next-token distributions from raw logits, in double. No −∞ in, no NaN out:
 * probabilities below {@link #FLOOR} count as that.
 */
public final class LogOdds {
  /** Of a summed probability, as the published code adds it. */
  public static final double FLOOR = 1e-8;

  private LogOdds() {}

  /** {@code log(p + floor) − log(1 − p + floor)} of the summed probability of some tokens. */
  public static double of(double[] logProbabilities, long[] tokens) {
    double p = 0;
    for (long token : tokens) {
      p += Math.exp(logProbabilities[(int) token]);
    }
    return Math.log(p + FLOOR) - Math.log(Math.max(0, 1 - p) + FLOOR);
  }

  /** Log-probabilities {@code [V]} of one row of logits; −∞ logits stay −∞. */
  public static double[] logProbabilities(float[] logits, int from, int vocabulary) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < vocabulary; i++) {
      largest = Math.max(largest, logits[from + i]);
    }
    double sum = 0;
    for (int i = 0; i < vocabulary; i++) {
      sum += Math.exp(logits[from + i] - largest);
    }
    double[] values = new double[vocabulary];
    double norm = largest + Math.log(sum);
    for (int i = 0; i < vocabulary; i++) {
      values[i] = logits[from + i] - norm;
    }
    return values;
  }
}
