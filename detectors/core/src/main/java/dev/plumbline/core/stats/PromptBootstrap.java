package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Any figure of labelled scores with a percentile interval over <em>whole prompts</em> drawn with
 * replacement: answers to one prompt are not independent, so drawing answers would give an interval
 * that is too narrow.
 */
public final class PromptBootstrap {
  private PromptBootstrap() {}

  /**
   * The figure, its interval, and the number of prompts as its count.
   *
   * @param figure of examples with both outcomes; finite
   * @param resamples draws, 1 or more; draws that hold one outcome only are left out, and where all
   *     do there is no interval
   * @param confidence of the interval, in (0, 1)
   */
  public static Estimate of(
      List<Example> examples,
      ToDoubleFunction<List<Example>> figure,
      int resamples,
      double confidence,
      long seed) {
    Check.that(resamples > 0, "bootstrap draws", "1 or more", resamples, "raise it");
    List<List<Example>> prompts = byPrompt(examples);
    double value = figure.applyAsDouble(examples);
    double[] draws = draws(prompts, figure, resamples, new Random(seed));
    return draws.length == 0
        ? Estimate.of(value, prompts.size())
        : Estimate.of(value, Interval.percentiles(draws, confidence), prompts.size());
  }

  private static List<List<Example>> byPrompt(List<Example> examples) {
    Map<String, List<Example>> byPrompt = new LinkedHashMap<>();
    examples.forEach(
        each -> byPrompt.computeIfAbsent(each.prompt(), key -> new ArrayList<>()).add(each));
    return List.copyOf(byPrompt.values());
  }

  private static double[] draws(
      List<List<Example>> prompts,
      ToDoubleFunction<List<Example>> figure,
      int resamples,
      Random random) {
    double[] values = new double[resamples];
    int kept = 0;
    for (int r = 0; r < resamples; r++) {
      List<Example> drawn = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        drawn.addAll(prompts.get(random.nextInt(prompts.size())));
      }
      if (drawn.stream().map(Example::positive).distinct().count() == 2) {
        values[kept++] = figure.applyAsDouble(drawn);
      }
    }
    return Arrays.copyOf(values, kept);
  }
}
