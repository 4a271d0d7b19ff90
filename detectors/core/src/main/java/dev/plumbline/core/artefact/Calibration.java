package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;
import java.util.Objects;

/**
 * From z to a verdict. {@code drifted} iff score &gt; threshold, strictly.
 *
 * @param sigmoid z to score; its slope is above 0, so a larger z is a worse answer
 * @param thresholdAnswer split-conformal threshold of whole answers, in [0, 1)
 * @param thresholdStream the same of the maximum over a stream's checkpoints, in [0, 1)
 * @param alpha nominal false-positive rate of both, in (0, 1)
 * @param exchanges aligned exchanges the thresholds rest on
 * @param checkpoints prefixes a stream is checked at
 */
public record Calibration(
    Sigmoid sigmoid,
    double thresholdAnswer,
    double thresholdStream,
    double alpha,
    int exchanges,
    Checkpoints checkpoints) {

  public Calibration {
    Check.positive(sigmoid.a(), "slope a of a calibration");
    requireReachable(thresholdAnswer, "threshold_answer");
    requireReachable(thresholdStream, "threshold_stream");
    Check.openUnit(alpha, "alpha");
    Check.that(exchanges > 0, "calibration exchanges", "1 or more", exchanges, "calibrate first");
    Objects.requireNonNull(checkpoints, "checkpoints");
  }

  /** A score never exceeds 1, so a threshold of 1 would silently judge everything aligned. */
  private static void requireReachable(double threshold, String where) {
    Check.that(
        threshold >= 0 && threshold < 1,
        where,
        "a number in [0, 1)",
        threshold,
        "calibrate again: a score above it must be possible");
  }
}
