package dev.plumbline.agent.tap.states;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.score.RunningScore;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The score and the shift of one choice. Made by reading it; immutable afterwards. */
final class ChoiceReading {
  private Verdict verdict;
  private OptionalDouble z = OptionalDouble.empty();
  private int tokens;
  private double shiftSum;
  private int shiftTokens;

  private ChoiceReading(UnscoredReason reason) {
    this.verdict = StatesScorer.unscored(reason);
  }

  /** A choice that the origin handed over nothing for. */
  static ChoiceReading absent() {
    return new ChoiceReading(UnscoredReason.NO_HIDDEN_STATES);
  }

  ChoiceReading(Artefact artefact, boolean scores, Optional<Readout> shift, ChoiceStates states) {
    this(UnscoredReason.NO_HIDDEN_STATES);
    if (states.rows().hidden() != artefact.model().hidden()) {
      verdict = StatesScorer.unscored(UnscoredReason.WRONG_MODEL);
      return;
    }
    if (!states.whole() || states.answerTokens() == 0) {
      return;
    }
    Readout probe = artefact.probe().readout();
    List<Readout> readouts =
        Stream.concat(shift.stream(), scores ? Stream.of(probe) : Stream.empty()).toList();
    Projections projections = new Projections(states.rows(), readouts);
    shift.flatMap(projections::of).ifPresent(values -> addShift(values, states));
    if (scores) {
      projections.of(probe).ifPresent(values -> score(artefact, values, states));
    } else {
      verdict = StatesScorer.unscored(UnscoredReason.WRONG_MODEL);
    }
    if (!Double.isFinite(shiftSum)) {
      verdict = StatesScorer.unscored(UnscoredReason.DEVICE_ERROR);
    }
  }

  private void addShift(double[] projections, ChoiceStates states) {
    for (int t = states.answerFrom(); t < states.rows().tokens(); t++) {
      shiftSum += projections[t];
    }
    shiftTokens = states.answerTokens();
    tokens = shiftTokens;
  }

  private void score(Artefact artefact, double[] readouts, ChoiceStates states) {
    boolean prompt = artefact.mask() == TokenMask.LAST_PROMPT_TOKEN;
    int from = prompt ? states.answerFrom() - 1 : states.answerFrom();
    int to = prompt ? states.answerFrom() : states.rows().tokens();
    if (from < 0) {
      return;
    }
    RunningScore score = RunningScore.of(artefact);
    for (int t = from; t < to; t++) {
      score.add(readouts[t]);
    }
    verdict = score.answerVerdict();
    tokens = Math.max(tokens, to - from);
    if (!(verdict instanceof Verdict.Unscored)) {
      z = OptionalDouble.of(score.path().z());
    }
  }

  Verdict verdict() {
    return verdict;
  }

  OptionalDouble z() {
    return z;
  }

  /** Tokens read. */
  int tokens() {
    return tokens;
  }

  double shiftSum() {
    return shiftSum;
  }

  int shiftTokens() {
    return shiftTokens;
  }
}
