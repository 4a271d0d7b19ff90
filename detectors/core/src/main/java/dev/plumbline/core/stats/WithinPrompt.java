package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Macro AUROC within prompts: the mean over prompts of the AUROC among that prompt's own answers.
 *
 * <p>The one figure that knowing the prompt cannot raise. Only prompts with both outcomes count;
 * their number is the estimate's count.
 */
public final class WithinPrompt {

  private WithinPrompt() {}

  /**
   * @param resamples bootstrap draws of whole prompts, for the percentile interval
   * @param confidence of the interval, in (0, 1)
   * @param seed of the draws
   */
  public static Estimate macroAuroc(
      List<Example> examples, int resamples, double confidence, long seed) {
    Check.that(resamples > 0, "bootstrap draws", "1 or more", resamples, "raise it");
    double[] perPrompt = perPrompt(examples).values().stream().mapToDouble(x -> x).toArray();
    Check.that(
        perPrompt.length > 1,
        "within-prompt AUROC",
        "2 or more prompts with both outcomes",
        perPrompt.length,
        "sample more answers per prompt");
    double[] means = bootstrap(perPrompt, resamples, new Random(seed));
    return Estimate.of(mean(perPrompt), Interval.percentiles(means, confidence), perPrompt.length);
  }

  /** AUROC of each prompt that has both outcomes, by prompt. */
  public static Map<String, Double> perPrompt(List<Example> examples) {
    Map<String, Double> values = new TreeMap<>();
    examples.stream()
        .collect(Collectors.groupingBy(Example::prompt))
        .forEach(
            (prompt, group) -> {
              if (group.stream().map(Example::positive).distinct().count() == 2) {
                values.put(prompt, Auroc.of(group));
              }
            });
    return values;
  }

  /**
   * Means of resampled prompts. Drawing a prompt whole carries its AUROC with it, so no AUROC need
   * be computed again.
   */
  private static double[] bootstrap(double[] perPrompt, int resamples, Random random) {
    double[] means = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      double sum = 0;
      for (int i = 0; i < perPrompt.length; i++) {
        sum += perPrompt[random.nextInt(perPrompt.length)];
      }
      means[r] = sum / perPrompt.length;
    }
    return means;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }
}
