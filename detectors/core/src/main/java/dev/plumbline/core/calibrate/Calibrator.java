package dev.plumbline.core.calibrate;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.score.ScorePath;
import java.util.List;

/**
 * Both thresholds from held-out aligned answers, taken along the very path that serving takes.
 *
 * <p>The answers' prompts must be disjoint from those the probe, the scale and the sigmoid were
 * fitted on; this class cannot see that.
 */
public final class Calibrator {

  private final Probe probe;
  private final Sigmoid sigmoid;
  private final Checkpoints checkpoints;

  public Calibrator(Probe probe, Sigmoid sigmoid, Checkpoints checkpoints) {
    this.probe = probe;
    this.sigmoid = sigmoid;
    this.checkpoints = checkpoints;
  }

  /**
   * The calibration at a nominal false-positive rate, and the scores it rests on.
   *
   * @param answers readouts of each aligned answer, one per token, at least one; read, not kept
   * @param alpha in (0, 1)
   */
  public Calibrated calibrate(List<double[]> answers, double alpha) {
    List<ScorePath> paths = answers.stream().map(this::path).toList();
    double[] whole = paths.stream().mapToDouble(ScorePath::score).toArray();
    double[] streamed = paths.stream().mapToDouble(Calibrator::maximumOrZero).toArray();
    Calibration calibration =
        new Calibration(
            sigmoid,
            SplitConformal.threshold(whole, alpha),
            SplitConformal.threshold(streamed, alpha),
            alpha,
            answers.size(),
            checkpoints);
    return new Calibrated(calibration, ScoreBaseline.of(whole));
  }

  private ScorePath path(double[] readouts) {
    Check.that(readouts.length > 0, "calibration answer", "a readout", "none", "leave it out");
    ScorePath path = new ScorePath(probe, sigmoid, checkpoints);
    for (double readout : readouts) {
      path.add(Check.finite(readout, "calibration readout"));
    }
    return path;
  }

  /** An answer that ends before the first checkpoint cannot be flagged as a stream: score 0. */
  private static double maximumOrZero(ScorePath path) {
    return Double.isNaN(path.maximum()) ? 0 : path.maximum();
  }
}
