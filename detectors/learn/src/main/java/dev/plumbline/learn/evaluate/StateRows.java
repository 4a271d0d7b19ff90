package dev.plumbline.learn.evaluate;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.direction.StateReader;
import java.util.List;

/**
 * Judged answers and one row of hidden state each, at K tap points side by side.
 *
 * @param answers judged; copied
 * @param rows {@code [N,K·D]}, finite; read, not copied
 */
public record StateRows(List<Answer> answers, double[][] rows) {
  public StateRows {
    answers = List.copyOf(answers);
    Check.that(
        answers.size() == rows.length,
        "rows of hidden states",
        answers.size() + ", one an answer",
        rows.length,
        "read every answer");
    for (int i = 0; i < rows.length; i++) {
      for (double value : rows[i]) {
        Check.finite(value, "hidden state of answer " + (i + 1) + " to '" + prompt(answers, i));
      }
    }
  }

  private static String prompt(List<Answer> answers, int row) {
    return answers.get(row).prompt() + "'";
  }

  /** Reads answers through a model at some tap points. */
  public static StateRows read(
      StateReader reader, List<Answer> answers, Reading reading, List<TapPoint> points) {
    return new StateRows(answers, reader.features(reading.of(answers), points).at(points));
  }

  /** The judge's label of each {@code [N]}. */
  public boolean[] labels() {
    return Answers.labels(answers);
  }
}
