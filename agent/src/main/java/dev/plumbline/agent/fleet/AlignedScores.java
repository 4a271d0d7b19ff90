package dev.plumbline.agent.fleet;

import dev.plumbline.core.artefact.Sigmoid;
import java.util.function.DoubleUnaryOperator;

/**
 * The share of aligned answers whose score is at or below {@code s}: z is standardised on aligned
 * answers and taken for normal there, and {@code score = σ(a·z + b)}, so {@code F₀(s) = Φ((logit s
 * − b) / a)}.
 *
 * @param sigmoid z to score, a above 0
 */
public record AlignedScores(Sigmoid sigmoid) implements DoubleUnaryOperator {
  @Override
  public double applyAsDouble(double score) {
    if (score <= 0 || score >= 1) {
      return score <= 0 ? 0 : 1;
    }
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
