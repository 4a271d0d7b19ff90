package dev.plumbline.learn.direction;

import dev.plumbline.core.stats.MeanAccumulator;
import dev.plumbline.learn.statistics.Weighting;

/**
 * The hidden states of many answers at one tap point, summed up both ways the field knows. Not
 * thread-safe.
 *
 * @param tokens over all answer tokens: a long answer weighs more
 * @param answers over the mean of each answer: every answer weighs the same
 */
public record StateMeans(MeanAccumulator tokens, MeanAccumulator answers) {
  StateMeans(int hidden) {
    this(new MeanAccumulator(hidden), new MeanAccumulator(hidden));
  }

  /** The mean {@code [D]} under a weighting. */
  public double[] mean(Weighting weighting) {
    return weighting == Weighting.TOKENS ? tokens.mean() : answers.mean();
  }

  /** Root mean square of the components' standard deviations over tokens: the size of a state. */
  public double spread() {
    double sum = 0;
    double[] variance = tokens.variance();
    for (double each : variance) {
      sum += each;
    }
    return Math.sqrt(sum / variance.length);
  }
}
