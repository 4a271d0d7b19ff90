package dev.plumbline.core.pooling;

import dev.plumbline.core.Check;

/**
 * A mean that forgets: weights halve every {@code halfLifeTokens}. Weights are normalised over the
 * tokens seen, so the first prefix is its own readout and nothing is pulled towards zero.
 *
 * @param halfLifeTokens tokens after which a readout counts half
 */
public record ExponentialMean(int halfLifeTokens) implements Pooling {

  static final String PREFIX = "exponential_mean.";

  public ExponentialMean {
    Check.that(halfLifeTokens > 0, "half-life", "1 token or more", halfLifeTokens, "raise it");
  }

  @Override
  public Pool start() {
    double decay = Math.pow(0.5, 1.0 / halfLifeTokens);
    return new Pool() {
      private double weight;
      private double mean;

      @Override
      public double add(double readout) {
        weight = weight * decay + 1;
        mean += (readout - mean) / weight;
        return mean;
      }
    };
  }

  @Override
  public String wireName() {
    return PREFIX + halfLifeTokens;
  }
}
