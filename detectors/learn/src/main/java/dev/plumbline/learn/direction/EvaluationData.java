package dev.plumbline.learn.direction;

import java.util.List;

/**
 * What an evaluation needs. Held-out prompts are in no other list.
 *
 * @param training judged answers the probe was trained on
 * @param traffic aligned answers its scale was fitted on
 * @param judged judged answers of misaligned models to held-out prompts, both outcomes
 * @param aligned aligned answers of the reference to held-out prompts, 2,000 or more for a useful
 *     interval
 * @param benign aligned answers of benign finetunes to held-out prompts; may be empty
 * @param narrow aligned answers of KL-narrow finetunes to held-out prompts; may be empty
 */
public record EvaluationData(
    List<Answer> training,
    List<Answer> traffic,
    List<Answer> judged,
    List<Answer> aligned,
    List<Answer> benign,
    List<Answer> narrow) {
  public EvaluationData {
    training = List.copyOf(training);
    traffic = List.copyOf(traffic);
    judged = List.copyOf(judged);
    aligned = List.copyOf(aligned);
    benign = List.copyOf(benign);
    narrow = List.copyOf(narrow);
    Answers.requireDisjoint("the training answers", training, "the held-out judged", judged);
    Answers.requireDisjoint("the training answers", training, "the held-out aligned", aligned);
    Answers.requireDisjoint("the scale's answers", traffic, "the held-out aligned", aligned);
  }
}
