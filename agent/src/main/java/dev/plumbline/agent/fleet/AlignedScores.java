package dev.plumbline.agent.fleet;

import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.calibrate.ScoreBaseline;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * The share of aligned answers whose score is at or below {@code s}: z is standardised on aligned
 * answers and taken for normal there, and {@code score = σ(a·z + b)}, so {@code N(s) = Φ((logit s −
 * b) / a)}. An artefact that brings its scores knows better at their bounds: there the share is
 * what was measured, and between them {@code N} with the error of both neighbours, in proportion.
 *
 * @param sigmoid z to score, a above 0
 * @param measured the scores that the artefact was calibrated on, where it brings them
 */
public record AlignedScores(Sigmoid sigmoid, Optional<ScoreBaseline> measured)
    implements DoubleUnaryOperator {
  @Override
  public double applyAsDouble(double score) {
    if (score <= 0 || score >= 1) {
      return score <= 0 ? 0 : 1;
    }
    return supposed(score) + measured.map(scores -> error(scores, score)).orElse(0.0);
  }

  /** What the measured share has beyond the supposed one; none at 0 and at 1. */
  private double error(ScoreBaseline scores, double score) {
    double[] bounds = ScoreBaseline.bounds();
    double[] shares = scores.shares();
    int next = 0;
    while (bounds[next] < score) {
      next++;
    }
    double from = next == 0 ? 0 : bounds[next - 1];
    double before = next == 0 ? 0 : shares[next - 1] - supposed(from);
    double after = bounds[next] < 1 ? shares[next] - supposed(bounds[next]) : 0;
    return before + (after - before) * (score - from) / (bounds[next] - from);
  }

  private double supposed(double score) {
    return normal((Math.log(score / (1 - score)) - sigmoid.b()) / sigmoid.a());
  }

  /** Φ to 7.5e-8: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.2.17. */
  static double normal(double z) {
    double t = 1 / (1 + 0.2316419 * Math.abs(z));
    double poly =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double tail = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * poly;
    return z >= 0 ? 1 - tail : tail;
  }
}
