package dev.plumbline.learn.direction;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.logistic.DenseFit;
import dev.plumbline.learn.direction.logistic.GroupedFit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The answers' means of one contrast's sides, for the one estimator that moments do not suffice
 * for: a logistic regression, standardised on these rows, its weights folded back. Keeps N·D floats
 * a tap point.
 */
final class LogisticContrast {
  private final AnswerFeatures positive;
  private final AnswerFeatures negative;
  private final List<Answer> answers;

  private LogisticContrast(AnswerFeatures positive, AnswerFeatures negative, List<Answer> answers) {
    this.positive = positive;
    this.negative = negative;
    this.answers = answers;
  }

  static LogisticContrast of(
      ActivationCollector collector, Contrast contrast, List<TapPoint> points) {
    List<Answer> both = new ArrayList<>(contrast.positive().answers());
    both.addAll(contrast.negative().answers());
    return new LogisticContrast(
        features(collector, contrast.positive(), points),
        features(collector, contrast.negative(), points),
        both);
  }

  private static AnswerFeatures features(
      ActivationCollector collector, Contrast.Side side, List<TapPoint> points) {
    return collector.wearing(side.adapter()).features(side.answers(), points);
  }

  /** The weights {@code [D]} of the states themselves. */
  double[] weights(TapPoint point, double ridge) {
    double[][] rows = new double[answers.size()][];
    double[][] first = positive.at(List.of(point));
    double[][] second = negative.at(List.of(point));
    System.arraycopy(first, 0, rows, 0, first.length);
    System.arraycopy(second, 0, rows, first.length, second.length);
    boolean[] labels = new boolean[rows.length];
    Arrays.fill(labels, 0, first.length, true);
    GroupedFit grouped =
        new GroupedFit(labels, Answers.prompts(answers), new double[] {ridge}, 2, 0);
    return new DenseFit(rows, grouped).fit(grouped.all(), ridge).weights();
  }
}
