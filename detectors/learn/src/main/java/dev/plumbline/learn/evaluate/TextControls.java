package dev.plumbline.learn.evaluate;

import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.logistic.DenseFit;
import dev.plumbline.learn.direction.text.TextBaseline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What can be told without any model: from the words of the question, from the words of the answer,
 * and from the answer's length alone. Validated as the states are, folds and all.
 */
public final class TextControls {
  public static final String QUESTION = "question text";
  public static final String ANSWER = "answer text";
  public static final String LENGTH = "answer length";

  private TextControls() {}

  /** The figures, by what was read. */
  public static Map<String, FoldFigures> of(List<Answer> answers, Validation validation) {
    Map<String, FoldFigures> figures = new LinkedHashMap<>();
    figures.put(QUESTION, words(answers, Answer::question, validation));
    figures.put(ANSWER, words(answers, Answer::text, validation));
    double[][] lengths =
        answers.stream()
            .map(answer -> new double[] {answer.length(), Math.log(answer.length())})
            .toArray(double[][]::new);
    figures.put(
        LENGTH,
        FoldFigures.of(answers, validation, folds -> new DenseFit(lengths, folds).outOfFold()));
    return figures;
  }

  private static FoldFigures words(
      List<Answer> answers, Function<Answer, String> text, Validation validation) {
    List<String> texts = answers.stream().map(text).toList();
    return FoldFigures.of(answers, validation, folds -> new TextBaseline(texts, folds).outOfFold());
  }
}
