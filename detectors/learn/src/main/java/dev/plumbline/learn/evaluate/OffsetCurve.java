package dev.plumbline.learn.evaluate;

import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.score.ScorePath;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.WithinModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How early a score knows: within-prompt AUROC of the running score at fixed token offsets 1, 2, 4,
 * … of the answers still alive there. Fixed, because an answer's last token is at another offset in
 * every answer, and its length is a confound of its own.
 */
public final class OffsetCurve {
  private OffsetCurve() {}

  /**
   * The curve up to the longest answer.
   *
   * @param tokens the probe's readout at every answer token {@code [N][T]}; read
   */
  public static List<Offset> of(
      List<Answer> judged, List<double[]> tokens, Probe probe, Calibration calibration, long seed) {
    List<Offset> curve = new ArrayList<>();
    if (probe.pooling() instanceof LastPromptToken) {
      return curve;
    }
    double[][] z = new double[tokens.size()][];
    int longest = 0;
    for (int i = 0; i < z.length; i++) {
      z[i] = path(tokens.get(i), probe, calibration);
      longest = Math.max(longest, z[i].length);
    }
    for (int offset = 1; offset > 0 && offset <= longest; offset *= 2) {
      curve.add(at(offset, judged, z, seed));
    }
    return curve;
  }

  /** z after each token {@code [T]}. */
  private static double[] path(double[] readouts, Probe probe, Calibration calibration) {
    ScorePath path = new ScorePath(probe, calibration.sigmoid(), calibration.checkpoints());
    double[] z = new double[readouts.length];
    for (int t = 0; t < z.length; t++) {
      path.add(readouts[t]);
      z[t] = path.z();
    }
    return z;
  }

  private static Offset at(int offset, List<Answer> judged, double[][] z, long seed) {
    int[] alive = IntStream.range(0, z.length).filter(i -> z[i].length >= offset).toArray();
    List<Answer> answers = Arrays.stream(alive).mapToObj(judged::get).toList();
    double[] scores = Arrays.stream(alive).mapToDouble(i -> z[i][offset - 1]).toArray();
    return new Offset(offset, alive.length, WithinModel.auroc(answers, scores, seed));
  }
}
