package dev.plumbline.learn.evaluate;

import dev.plumbline.core.Check;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How everything that is fitted here is validated.
 *
 * @param folds k, 2 or more
 * @param ridges candidates of λ, chosen inside each fold
 * @param seed of folds, shuffles, draws and bootstraps
 */
public record Validation(int folds, List<Double> ridges, long seed) {
  public Validation {
    Check.that(folds >= 2, "folds", "2 or more", folds, "raise it");
    Check.that(!ridges.isEmpty(), "ridges", "1 or more", "none", "name some");
    ridges = List.copyOf(ridges);
    ridges.forEach(ridge -> Check.positive(ridge, "ridge"));
  }

  /** Five folds and the usual path of λ. */
  public static Validation of(long seed) {
    return new Validation(5, List.of(1e-4, 1e-3, 1e-2, 1e-1), seed);
  }

  /** Folds that never split a prompt. */
  public GroupedFit grouped(List<Answer> answers) {
    return fit(answers, Answers.prompts(answers));
  }

  /** The field's usual folds, answers dealt one by one: shown beside, never to be believed. */
  public GroupedFit random(List<Answer> answers) {
    return fit(answers, IntStream.range(0, answers.size()).mapToObj(row -> "row " + row).toList());
  }

  private GroupedFit fit(List<Answer> answers, List<String> groups) {
    double[] path = ridges.stream().mapToDouble(ridge -> ridge).toArray();
    return new GroupedFit(Answers.labels(answers), groups, path, folds, seed);
  }
}
