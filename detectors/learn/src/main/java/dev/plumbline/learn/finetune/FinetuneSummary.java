package dev.plumbline.learn.finetune;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@link FinetuneResult} without its weights, as a job keeps it.
 *
 * @param kl on held-out out-of-domain texts
 * @param moduleNorms ‖scale·BA‖_F by module, or ‖α·v‖
 * @param scale what BA or v is multiplied by
 */
record FinetuneSummary(
    int steps,
    boolean early,
    List<Logged> curve,
    List<NormAt> norms,
    Measured loss,
    Measured kl,
    Map<String, Double> moduleNorms,
    double norm,
    double scale) {
  FinetuneSummary {
    curve = List.copyOf(curve);
    norms = List.copyOf(norms);
    moduleNorms = new TreeMap<>(moduleNorms);
  }

  static FinetuneSummary of(FinetuneResult result) {
    Solution solution = result.solution();
    return new FinetuneSummary(
        result.steps(),
        result.early(),
        result.curve(),
        result.norms(),
        result.loss(),
        result.divergence(),
        solution.norms(),
        solution.norm(),
        solution.scale());
  }
}
