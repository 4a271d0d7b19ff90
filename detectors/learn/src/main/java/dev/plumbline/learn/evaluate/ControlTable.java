package dev.plumbline.learn.evaluate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Example;
import dev.plumbline.core.stats.PromptIdentity;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.ShuffleControl;
import dev.plumbline.learn.direction.logistic.DenseFit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a set of judged answers gives to anybody, whatever direction is then held against it: probes
 * trained on hidden states at three readings, validated at random and by prompt; the same on words
 * and lengths; what the prompt and the model's name alone give; and labels that mean nothing.
 *
 * @param counts of the answers
 * @param states figures of a probe at each reading
 * @param text figures without a model, see {@link TextControls}
 * @param promptIdentity AUROC of the prompt's leave-one-out base rate: the ceiling to beat
 * @param modelIdentity the same of the answering model's
 * @param shuffled AUROC of the whole procedure on permuted labels, grouped, mean and range over
 *     draws; empty where nothing can be fitted
 */
public record ControlTable(
    Counts counts,
    Map<Reading, FoldFigures> states,
    Map<String, FoldFigures> text,
    Estimate promptIdentity,
    Estimate modelIdentity,
    Optional<Estimate> shuffled) {
  private static final Comparator<Estimate> BY_VALUE = Comparator.comparingDouble(Estimate::value);

  public ControlTable {
    states = new LinkedHashMap<>(states);
    text = new LinkedHashMap<>(text);
  }

  /**
   * Takes every figure.
   *
   * @param states of the same judged answers, both outcomes, at each reading
   */
  public static ControlTable of(Map<Reading, StateRows> states, Validation validation) {
    StateRows means = states.get(Reading.ANSWER_MEAN);
    List<Answer> answers = means.answers();
    Map<Reading, FoldFigures> figures = new LinkedHashMap<>();
    states.forEach((reading, rows) -> figures.put(reading, probe(rows, validation)));
    return new ControlTable(
        Counts.of(answers),
        figures,
        TextControls.of(answers, validation),
        PromptIdentity.ceiling(answers.stream().map(a -> example(a.prompt(), a)).toList()),
        PromptIdentity.ceiling(answers.stream().map(a -> example(a.model(), a)).toList()),
        shuffled(means, validation));
  }

  private static Example example(String group, Answer answer) {
    return new Example(group, answer.label(), 0);
  }

  private static FoldFigures probe(StateRows rows, Validation validation) {
    return FoldFigures.of(
        rows.answers(), validation, folds -> new DenseFit(rows.rows(), folds).outOfFold());
  }

  private static Optional<Estimate> shuffled(StateRows rows, Validation validation) {
    var grouped = validation.grouped(rows.answers());
    return grouped.possible()
        ? Optional.of(
            ShuffleControl.auroc(
                rows.answers(),
                grouped,
                folds -> new DenseFit(rows.rows(), folds).outOfFold(),
                validation.seed()))
        : Optional.empty();
  }

  /** The best that words or lengths give across prompts they were not fitted on. */
  public Optional<Estimate> bestText() {
    return text.values().stream().flatMap(each -> each.grouped().stream()).max(BY_VALUE);
  }

  /** The best that words or lengths give among answers to one prompt. */
  public Optional<Estimate> bestTextWithin() {
    return text.values().stream().flatMap(each -> each.within().stream()).max(BY_VALUE);
  }
}
