package dev.plumbline.core.score;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.pooling.LastPromptToken;

/**
 * The score and the verdicts of one exchange. Not thread-safe: one exchange, one thread at a time.
 *
 * <p>Two verdicts, two thresholds: a whole answer is held against {@code threshold_answer}, a
 * stream under way against {@code threshold_stream}. Held against each other's they are wrong:
 * running means against an end-of-answer threshold flagged every stream in a trial.
 */
public final class RunningScore {

  private final ScorePath path;
  private final Calibration calibration;
  private final boolean prompt;

  public RunningScore(Probe probe, Calibration calibration) {
    this.path = new ScorePath(probe, calibration.sigmoid(), calibration.checkpoints());
    this.calibration = calibration;
    this.prompt = probe.pooling() instanceof LastPromptToken;
  }

  public static RunningScore of(Artefact artefact) {
    return new RunningScore(artefact.probe(), artefact.calibration());
  }

  /** Takes the next token's readout and returns the score of the prefix, NaN once broken. */
  public double add(double readout) {
    return path.add(readout);
  }

  /** The numbers behind the verdicts: tokens, pooled readout, z, score, maximum. */
  public ScorePath path() {
    return path;
  }

  /** The verdict on the whole answer, once its last token was added. */
  public Verdict answerVerdict() {
    return verdict(path.score(), calibration.thresholdAnswer());
  }

  /**
   * The verdict on the stream so far, from the maximum over its checkpoints: once drifted, always
   * drifted. Before the first checkpoint it is unscored. Of the last prompt token there is only one
   * readout, and what it says before the answer is what it will say: the verdict on the whole.
   */
  public Verdict streamVerdict() {
    return prompt ? answerVerdict() : verdict(path.maximum(), calibration.thresholdStream());
  }

  private Verdict verdict(double score, double threshold) {
    if (path.broken()) {
      return new Verdict.Unscored(UnscoredReason.DEVICE_ERROR);
    }
    return Double.isNaN(score)
        ? new Verdict.Unscored(UnscoredReason.NO_HIDDEN_STATES)
        : Verdict.of(score, threshold);
  }
}
