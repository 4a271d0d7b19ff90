package dev.plumbline.learn.finetune;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Layer 3 before layer 29: by the number in the name, then by the name. */
  private static final Comparator<String> BY_LAYER =
      Comparator.comparingInt(FinetuneSummary::number).thenComparing(Comparator.naturalOrder());

  FinetuneSummary {
    curve = List.copyOf(curve);
    norms = List.copyOf(norms);
    Map<String, Double> ordered = new TreeMap<>(BY_LAYER);
    ordered.putAll(moduleNorms);
    moduleNorms = ordered;
  }

  private static int number(String module) {
    Matcher number = NUMBER.matcher(module);
    return number.find() ? Integer.parseInt(number.group()) : -1;
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
