package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.direction.text.TextBaseline;
import java.util.List;
import java.util.function.Function;

/**
 * What words alone give: on the answer, and on question and answer. The better of the two is the
 * figure to beat.
 */
final class TextControl {
  private final long seed;
  private final Figures figures;

  TextControl(long seed, Figures figures) {
    this.seed = seed;
    this.figures = figures;
  }

  void add(EvaluationData data, GroupedFit grouped) {
    Estimate answer = add("answer", Answer::text, data, grouped);
    Estimate both = add("question_answer", a -> a.question() + "\n" + a.text(), data, grouped);
    figures.put(Figure.TEXT_BASELINE, answer.value() >= both.value() ? answer : both);
  }

  private Estimate add(
      String name, Function<Answer, String> text, EvaluationData data, GroupedFit grouped) {
    TextBaseline baseline = new TextBaseline(texts(data.training(), text), grouped);
    Estimate across =
        AcrossPrompts.auroc(
            Scored.examples(data.training(), grouped.labels(), baseline.outOfFold()), seed);
    figures.extra("text_baseline." + name, across);
    double[] heldOut = baseline.scores(texts(data.judged(), text));
    WithinModel.auroc(data.judged(), heldOut, seed)
        .ifPresent(within -> figures.extra("text_within_prompt_auroc." + name, within));
    return across;
  }

  private static List<String> texts(List<Answer> answers, Function<Answer, String> text) {
    return answers.stream().map(text).toList();
  }
}
