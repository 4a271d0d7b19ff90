package dev.plumbline.learn.evaluate;

import dev.plumbline.core.Check;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.GroupFolds;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.direction.WithinModel;
import dev.plumbline.learn.direction.logistic.DenseFit;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.direction.logistic.LinearModel;
import dev.plumbline.learn.direction.logistic.ReadoutScale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What is learned from one model's answers, held against another's: does it know misalignment, or
 * one finetune? Prompts are folded over <em>all</em> models, so that no cell, off the diagonal
 * either, is judged on a prompt it was learned from.
 *
 * @param method what was learned
 * @param models in the order of the matrix
 * @param cells row by row: learned from, judged on
 */
public record DetectTransfer(String method, List<String> models, List<Cell> cells) {
  /**
   * One pair of models.
   *
   * @param across AUROC over all answers
   * @param within macro AUROC within prompts; empty as {@code across} where it cannot be taken
   * @param left answers without a score, because their fold left one outcome to learn from
   */
  public record Cell(
      String from, String to, Optional<Estimate> across, Optional<Estimate> within, long left) {}

  /** A classifier of rows {@code [F]}, fitted on some of them. */
  private interface Learner {
    LinearModel learn(int[] training);
  }

  public DetectTransfer {
    models = List.copyOf(models);
    cells = List.copyOf(cells);
  }

  /** By the difference of class means. */
  public static DetectTransfer meanDifference(StateRows states, Validation validation) {
    boolean[] labels = states.labels();
    return of(
        "mean difference",
        states,
        validation,
        training -> MeanDifference.of(states.rows(), labels, training));
  }

  /** By a logistic probe, λ chosen among the training rows. */
  public static DetectTransfer probe(StateRows states, Validation validation) {
    GroupedFit grouped = validation.grouped(states.answers());
    DenseFit fit = new DenseFit(states.rows(), grouped);
    return of(
        "logistic probe",
        states,
        validation,
        training -> fit.fit(training, grouped.ridge(fit::design, training)));
  }

  /**
   * By directions that no label taught, such as each finetune's difference from its base on the
   * same text: nothing is folded, for nothing is fitted.
   *
   * @param directions weights {@code [F]} of a row, by the model they come from
   */
  public static DetectTransfer directions(
      String method, Map<String, double[]> directions, StateRows states, Validation validation) {
    List<String> from = List.copyOf(new TreeSet<>(directions.keySet()));
    List<String> models = models(states);
    Check.that(
        models.containsAll(from), "models of the judged answers", from.toString(), models, "judge");
    List<Cell> cells = new ArrayList<>();
    for (String name : from) {
      LinearModel model = new LinearModel(directions.get(name), 0);
      double[] scores = Arrays.stream(states.rows()).mapToDouble(model::value).toArray();
      from.forEach(to -> cells.add(cell(name, to, states.answers(), scores, validation)));
    }
    return new DetectTransfer(method, from, cells);
  }

  private static List<String> models(StateRows states) {
    return List.copyOf(new TreeSet<>(states.answers().stream().map(Answer::model).toList()));
  }

  private static DetectTransfer of(
      String method, StateRows states, Validation validation, Learner learner) {
    List<String> models = models(states);
    int[] fold = folds(states.answers(), validation);
    List<Cell> cells = new ArrayList<>();
    for (String from : models) {
      double[] scores = scores(from, states, fold, learner);
      models.forEach(to -> cells.add(cell(from, to, states.answers(), scores, validation)));
    }
    return new DetectTransfer(method, models, cells);
  }

  private static int[] folds(List<Answer> answers, Validation validation) {
    List<String> prompts = Answers.prompts(answers);
    long distinct = prompts.stream().distinct().count();
    return distinct < 2
        ? new int[answers.size()]
        : GroupFolds.assign(
            prompts, (int) Math.min(validation.folds(), distinct), validation.seed());
  }

  /** Scores {@code [N]} of all models' answers by what one model's taught; NaN where nothing. */
  private static double[] scores(String from, StateRows states, int[] fold, Learner learner) {
    double[] scores = new double[fold.length];
    Arrays.fill(scores, Double.NaN);
    for (int held : IntStream.of(fold).distinct().sorted().toArray()) {
      int[] training =
          rows(i -> fold[i] != held && states.answers().get(i).model().equals(from), fold);
      if (learnable(states, training)) {
        LinearModel model = learner.learn(training);
        ReadoutScale scale = ReadoutScale.of(model, GroupedFit.rows(states.rows(), training));
        for (int i : rows(i -> fold[i] == held, fold)) {
          scores[i] = scale.z(model.value(states.rows()[i]));
        }
      }
    }
    return scores;
  }

  private static int[] rows(IntPredicate wanted, int[] of) {
    return IntStream.range(0, of.length).filter(wanted).toArray();
  }

  private static boolean learnable(StateRows states, int[] rows) {
    return Arrays.stream(rows).mapToObj(i -> states.answers().get(i).label()).distinct().count()
        == 2;
  }

  private static Cell cell(
      String from, String to, List<Answer> answers, double[] scores, Validation validation) {
    int[] own = rows(i -> answers.get(i).model().equals(to), new int[scores.length]);
    int[] scored = Arrays.stream(own).filter(i -> !Double.isNaN(scores[i])).toArray();
    List<Answer> judged = Arrays.stream(scored).mapToObj(answers::get).toList();
    double[] z = Arrays.stream(scored).mapToDouble(i -> scores[i]).toArray();
    boolean both = judged.stream().map(Answer::label).distinct().count() == 2;
    return new Cell(
        from,
        to,
        both ? Optional.of(FoldFigures.across(judged, z, validation.seed())) : Optional.empty(),
        WithinModel.auroc(judged, z, validation.seed()),
        own.length - scored.length);
  }

  /** The cell of a pair. */
  public Cell cell(String from, String to) {
    return cells.get(models.indexOf(from) * models.size() + models.indexOf(to));
  }
}
