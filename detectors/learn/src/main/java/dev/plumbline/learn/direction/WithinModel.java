package dev.plumbline.learn.direction;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Example;
import dev.plumbline.core.stats.Interval;
import dev.plumbline.core.stats.WithinPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * AUROC among one model's answers to one prompt, macro-averaged: over the models of a prompt, then
 * over prompts. Knowing which model answered, or what was asked, raises it by nothing.
 */
public final class WithinModel {
  private static final int RESAMPLES = 2000;
  private static final double CONFIDENCE = 0.95;

  private WithinModel() {}

  /**
   * The figure with its bootstrap interval over whole prompts; its count is the prompts at which
   * some model gave both outcomes. Empty where fewer than two did.
   */
  public static Optional<Estimate> auroc(List<Answer> answers, double[] scores, long seed) {
    double[] prompts = perPrompt(answers, scores);
    if (prompts.length < 2) {
      return Optional.empty();
    }
    return Optional.of(
        Estimate.of(mean(prompts), bootstrap(prompts, new Random(seed)), prompts.length));
  }

  /** The same of each model alone, by its name; models without two such prompts are left out. */
  public static Map<String, Estimate> perModel(List<Answer> answers, double[] scores, long seed) {
    Map<String, Estimate> models = new TreeMap<>();
    for (String model : answers.stream().map(Answer::model).distinct().toList()) {
      int[] rows = Scored.rows(answers, answer -> answer.model().equals(model));
      double[] own = Arrays.stream(rows).mapToDouble(row -> scores[row]).toArray();
      List<Answer> given = Arrays.stream(rows).mapToObj(answers::get).toList();
      auroc(given, own, seed).ifPresent(estimate -> models.put(model, estimate));
    }
    return models;
  }

  private static double[] perPrompt(List<Answer> answers, double[] scores) {
    Map<String, String> promptOf = new TreeMap<>();
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      Answer answer = answers.get(i);
      String group = answer.model() + "\u0000" + answer.prompt();
      promptOf.put(group, answer.prompt());
      examples.add(new Example(group, answer.label(), scores[i]));
    }
    Map<String, List<Double>> prompts = new TreeMap<>();
    WithinPrompt.perPrompt(examples)
        .forEach(
            (group, auroc) ->
                prompts.computeIfAbsent(promptOf.get(group), key -> new ArrayList<>()).add(auroc));
    return prompts.values().stream()
        .mapToDouble(all -> all.stream().mapToDouble(x -> x).average().orElseThrow())
        .toArray();
  }

  private static Interval bootstrap(double[] prompts, Random random) {
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double[] drawn = new double[prompts.length];
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = prompts[random.nextInt(prompts.length)];
      }
      means[r] = mean(drawn);
    }
    return Interval.percentiles(means, CONFIDENCE);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }
}
