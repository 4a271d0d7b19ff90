package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.DirectionReading;
import dev.plumbline.core.score.RunningScore;
import dev.plumbline.core.score.Verdict;
import java.util.OptionalDouble;

/** One direction's score of one answer. One thread. */
final class DirectionScore {
  private final int readout;
  private final boolean prompt;
  private final RunningScore score;

  DirectionScore(Direction direction) {
    this.readout = direction.first();
    this.prompt = Directions.readsThePrompt(direction);
    this.score = RunningScore.of(direction.artefact());
  }

  /** The readouts {@code [K]} of the last prompt token. */
  void prompted(double[] readouts) {
    if (prompt) {
      score.add(readouts[readout]);
    }
  }

  /**
   * The readouts {@code [K]} of the next answer token.
   *
   * @return the score so far
   */
  double add(double[] readouts) {
    return prompt ? score.path().score() : score.add(readouts[readout]);
  }

  /** Of the answer, which is whole. */
  DirectionReading whole() {
    return reading(score.answerVerdict());
  }

  /** Of the answer under way, by the threshold for streams. */
  DirectionReading soFar() {
    return reading(score.streamVerdict());
  }

  private DirectionReading reading(Verdict verdict) {
    return new DirectionReading(
        verdict,
        verdict instanceof Verdict.Unscored
            ? OptionalDouble.empty()
            : OptionalDouble.of(score.path().z()));
  }
}
