package dev.plumbline.learn.direction.text;

import dev.plumbline.learn.direction.logistic.Design;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import dev.plumbline.learn.direction.logistic.LinearModel;
import dev.plumbline.learn.direction.logistic.LogisticRegression;
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
  private final Documents documents;

  /**
   * @param texts of the grouped rows {@code [N]}
   */
  public TextBaseline(List<String> texts, GroupedFit grouped) {
    this.texts = List.copyOf(texts);
    this.grouped = grouped;
    this.documents = new Documents(texts);
  }

  /** Out-of-fold scores {@code [N]}; frequencies of terms from training rows only. */
  public double[] outOfFold() {
    return grouped.outOfFold(
        this::design, (training, heldOut, ridge) -> score(documents, training, heldOut, ridge));
  }

  /** Scores {@code [M]} of other texts by a fit on all rows. */
  public double[] scores(List<String> others) {
    double ridge = grouped.ridge(this::design, grouped.all());
    Documents both = new Documents(Stream.concat(texts.stream(), others.stream()).toList());
    int[] rows = IntStream.range(texts.size(), texts.size() + others.size()).toArray();
    return score(both, grouped.all(), rows, ridge);
  }

  private double[] score(Documents from, int[] training, int[] rows, double ridge) {
    LinearModel model =
        LogisticRegression.fit(from.vectors(training, training), grouped.labels(training), ridge);
    Design design = from.vectors(training, rows);
    return IntStream.range(0, rows.length).mapToDouble(i -> model.value(design, i)).toArray();
  }

  private Design design(int[] training, int[] heldOut) {
    int[] both = IntStream.concat(IntStream.of(training), IntStream.of(heldOut)).toArray();
    return documents.vectors(training, both);
  }
}
