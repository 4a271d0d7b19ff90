package dev.plumbline.learn.direction;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.stats.Estimate;
import java.util.Arrays;
import java.util.List;

/** How well plain readouts tell one model's answers to one prompt apart. */
public final class HeldOutScores {
  private HeldOutScores() {}

  /**
   * Within-model, within-prompt AUROC of each readout's mean over an answer {@code [K]}; NaN where
   * fewer than two prompts have both outcomes.
   */
  public static double[] aurocs(
      ActivationCollector reference, List<Answer> judged, List<Readout> readouts) {
    List<double[][]> tokens = reference.readouts(judged, readouts);
    double[] values = new double[readouts.size()];
    for (int k = 0; k < values.length; k++) {
      int readout = k;
      double[] means =
          tokens.stream()
              .mapToDouble(each -> Arrays.stream(each[readout]).average().orElseThrow())
              .toArray();
      values[k] = WithinModel.auroc(judged, means, 0).map(Estimate::value).orElse(Double.NaN);
    }
    return values;
  }
}
