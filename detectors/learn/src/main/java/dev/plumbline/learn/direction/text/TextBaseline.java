package dev.plumbline.learn.direction.text;

import dev.plumbline.learn.direction.logistic.Design;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.direction.logistic.LinearModel;
import dev.plumbline.learn.direction.logistic.LogisticRegression;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The same logistic regression on the words alone, with the same folds: a probe that does not beat
 * it reads nothing from the model that the text does not say.
 */
public final class TextBaseline {
  private final List<String> texts;
  private final GroupedFit grouped;

  /**
   * @param texts of the grouped rows {@code [N]}
   */
  public TextBaseline(List<String> texts, GroupedFit grouped) {
    this.texts = List.copyOf(texts);
    this.grouped = grouped;
  }

  /** Out-of-fold scores {@code [N]}; vocabulary and weights of terms from training rows only. */
  public double[] outOfFold() {
    return grouped.outOfFold(
        this::design,
        (training, heldOut, ridge) ->
            scores(texts(training), grouped.labels(training), texts(heldOut), ridge));
  }

  /** Scores {@code [M]} of other texts by a fit on all rows. */
  public double[] scores(List<String> others) {
    double ridge = grouped.ridge(this::design, grouped.all());
    return scores(texts, grouped.labels(), others, ridge);
  }

  private static double[] scores(
      List<String> training, boolean[] labels, List<String> others, double ridge) {
    TermVectors terms = new TermVectors(training);
    LinearModel model = LogisticRegression.fit(terms.vectors(training), labels, ridge);
    Design design = terms.vectors(others);
    return IntStream.range(0, others.size()).mapToDouble(i -> model.value(design, i)).toArray();
  }

  private Design design(int[] training, int[] heldOut) {
    List<String> all = Stream.concat(texts(training).stream(), texts(heldOut).stream()).toList();
    return new TermVectors(texts(training)).vectors(all);
  }

  private List<String> texts(int[] rows) {
    return Arrays.stream(rows).mapToObj(texts::get).toList();
  }
}
