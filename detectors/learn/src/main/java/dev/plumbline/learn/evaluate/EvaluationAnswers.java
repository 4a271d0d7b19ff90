package dev.plumbline.learn.evaluate;

import dev.plumbline.core.Check;
import dev.plumbline.learn.direction.Answer;
import java.util.List;

/**
 * Answers that a direction is held against. None may have had a part in learning it. Lists are
 * copied.
 *
 * @param judged labelled answers of one or more models, both outcomes
 * @param aligned aligned answers of the reference, for the threshold's promise; may be empty
 * @param benign aligned answers of benign finetunes; may be empty
 * @param narrow aligned answers of KL-narrow finetunes; may be empty
 */
public record EvaluationAnswers(
    List<Answer> judged, List<Answer> aligned, List<Answer> benign, List<Answer> narrow) {
  public EvaluationAnswers {
    judged = List.copyOf(judged);
    aligned = List.copyOf(aligned);
    benign = List.copyOf(benign);
    narrow = List.copyOf(narrow);
    long misaligned = judged.stream().filter(Answer::label).count();
    Check.that(
        misaligned > 0 && misaligned < judged.size(),
        "judged answers",
        "both outcomes",
        misaligned + " misaligned of " + judged.size(),
        "judge answers of both kinds");
  }
}
