package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.AcrossPrompts;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.direction.Scored;
import dev.plumbline.learn.direction.WithinModel;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One classifier, validated both ways. A figure that cannot be taken (one prompt, one outcome
 * outside a fold) is empty.
 *
 * @param random AUROC over all answers, answers dealt to folds one by one
 * @param grouped the same, prompts dealt whole
 * @param within macro AUROC among one model's answers to one prompt, by the grouped folds' scores;
 *     its count is the prompts with both outcomes
 */
public record FoldFigures(
    Optional<Estimate> random, Optional<Estimate> grouped, Optional<Estimate> within) {

  /**
   * Both validations of one procedure.
   *
   * @param procedure from folds to out-of-fold scores {@code [N]}
   */
  static FoldFigures of(
      List<Answer> answers, Validation validation, Function<GroupedFit, double[]> procedure) {
    Optional<double[]> mixed = scores(validation.random(answers), procedure);
    Optional<double[]> apart = scores(validation.grouped(answers), procedure);
    long seed = validation.seed();
    return new FoldFigures(
        mixed.map(scores -> across(answers, scores, seed)),
        apart.map(scores -> across(answers, scores, seed)),
        apart.flatMap(scores -> WithinModel.auroc(answers, scores, seed)));
  }

  private static Optional<double[]> scores(
      GroupedFit folds, Function<GroupedFit, double[]> procedure) {
    return folds.possible() ? Optional.of(procedure.apply(folds)) : Optional.empty();
  }

  static Estimate across(List<Answer> answers, double[] scores, long seed) {
    return AcrossPrompts.auroc(Scored.examples(answers, Answers.labels(answers), scores), seed);
  }

  /** How much random folds flatter: what of their figure is knowing the prompt. */
  public Optional<Double> flattery() {
    return random.flatMap(r -> grouped.map(g -> r.value() - g.value()));
  }
}
