package dev.plumbline.agent.oip;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.score.RunningScore;

/** The score of one answer over its calls. Guarded by itself. */
final class Sequence {
  private final RunningScore score;
  private boolean incomplete;
  private double shiftSum;
  private long shiftTokens;

  Sequence(Artefact artefact) {
    this.score = RunningScore.of(artefact);
  }

  RunningScore score() {
    return score;
  }

  /** A call lacked states the probe reads: offsets no longer hold, for good. */
  void miss() {
    incomplete = true;
  }

  boolean incomplete() {
    return incomplete;
  }

  void shift(double projection) {
    shiftSum += projection;
    shiftTokens++;
  }

  /** Mean projection at the model shift's tap point, NaN without one. */
  double shiftMean() {
    return shiftSum / shiftTokens;
  }
}
