package dev.plumbline.learn.direction;

import dev.plumbline.core.stats.Auroc;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** AUROC over all answers at once, with a bootstrap interval over whole prompts. */
final class AcrossPrompts {
  private static final int RESAMPLES = 500;
  private static final double CONFIDENCE = 0.95;

  private AcrossPrompts() {}

  static Estimate auroc(List<Example> examples, long seed) {
    Map<String, List<Example>> byPrompt = new LinkedHashMap<>();
    examples.forEach(
        each -> byPrompt.computeIfAbsent(each.prompt(), key -> new ArrayList<>()).add(each));
    List<List<Example>> prompts = List.copyOf(byPrompt.values());
    double value = Auroc.of(examples);
    double[] draws = draws(prompts, new Random(seed));
    return draws.length == 0
        ? Estimate.of(value, prompts.size())
        : Estimate.of(value, Percentiles.interval(draws, CONFIDENCE), prompts.size());
  }

  /** Draws that happen to hold one outcome only are left out. */
  private static double[] draws(List<List<Example>> prompts, Random random) {
    double[] values = new double[RESAMPLES];
    int kept = 0;
    for (int r = 0; r < RESAMPLES; r++) {
      List<Example> drawn = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        drawn.addAll(prompts.get(random.nextInt(prompts.size())));
      }
      if (drawn.stream().map(Example::positive).distinct().count() == 2) {
        values[kept++] = Auroc.of(drawn);
      }
    }
    return Arrays.copyOf(values, kept);
  }
}
