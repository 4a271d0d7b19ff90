package dev.plumbline.learn.endpoint;

import dev.plumbline.core.Check;

/**
 * One of the likeliest tokens at a place, as {@code top_logprobs} lists them.
 *
 * @param token its text, blanks included
 * @param logProbability natural logarithm, at most 0 up to rounding; −∞ is probability 0
 */
public record TopToken(String token, double logProbability) {
  private static final double ROUNDING = 1e-3;

  public TopToken {
    Check.that(
        logProbability <= ROUNDING,
        "log-probability of '" + token + "'",
        "at most 0",
        logProbability,
        "the endpoint does not give natural log-probabilities");
  }

  /** In [0,1]. */
  public double probability() {
    return Math.min(1, Math.exp(logProbability));
  }
}
