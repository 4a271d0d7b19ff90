package dev.plumbline.agent.tap;

import dev.plumbline.core.score.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What one of several directions says of an answer.
 *
 * @param verdict by its own threshold; never the exchange's
 * @param z its standardised readout, where it has a score
 */
public record DirectionReading(Verdict verdict, OptionalDouble z) {
  public DirectionReading {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(z, "z");
  }

  /** The worst of several choices', by the verdict. */
  static DirectionReading worst(List<DirectionReading> choices) {
    Verdict worst = Verdict.worst(choices.stream().map(DirectionReading::verdict).toList());
    return choices.stream().filter(c -> c.verdict().equals(worst)).findFirst().orElseThrow();
  }

  /** The score, when there is one. */
  public OptionalDouble score() {
    return Reading.score(verdict);
  }
}
