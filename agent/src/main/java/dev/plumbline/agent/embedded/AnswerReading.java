package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.score.RunningScore;
import dev.plumbline.core.score.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** The score and the model shift of one answer, token by token. One thread. */
final class AnswerReading {
  private final Direction direction;
  private final RunningScore score;
  private double shiftSum;
  private long nanos;

  AnswerReading(Direction direction) {
    this.direction = direction;
    this.score = RunningScore.of(direction.artefact());
  }

  /**
   * Takes the next answer token.
   *
   * @param serving readouts of the states that serve, {@code [K]}; null where none were seen
   * @param reference readouts of the aligned reference, {@code [K]}
   * @return the score of the answer so far
   */
  double add(double[] serving, double[] reference) {
    long start = System.nanoTime();
    double now = score.add(reference[direction.first()]);
    if (serving != null && direction.modelShift().isPresent()) {
      shiftSum += serving[direction.shiftReadout()];
    }
    nanos += System.nanoTime() - start;
    return now;
  }

  int tokens() {
    return Math.toIntExact(score.path().tokens());
  }

  /** The reading of the answer, which is whole. */
  Reading reading(boolean servingSeen) {
    return reading(score.answerVerdict(), servingSeen);
  }

  /** The reading of an answer under way, by the threshold for streams. */
  Reading soFar() {
    return reading(score.streamVerdict(), false);
  }

  private Reading reading(Verdict verdict, boolean servingSeen) {
    boolean scored = !(verdict instanceof Verdict.Unscored);
    return new Reading(
        verdict,
        scored ? OptionalDouble.of(score.path().z()) : OptionalDouble.empty(),
        servingSeen && scored ? shift() : OptionalDouble.empty(),
        tokens(),
        Optional.of(direction.name()),
        Duration.ofNanos(nanos));
  }

  private OptionalDouble shift() {
    Optional<ModelShift> baseline = direction.modelShift();
    return baseline.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(baseline.get().z(shiftSum / tokens()));
  }
}
