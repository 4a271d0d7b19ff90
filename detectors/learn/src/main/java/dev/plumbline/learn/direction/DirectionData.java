package dev.plumbline.learn.direction;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a direction is learned from and judged by, split by prompt beforehand. Lists are copied.
 *
 * @param contrasts one or more of one kind; their answers are training answers
 * @param aligned aligned answers of the reference: the affine baseline and the probe's scale
 * @param judged labelled answers the probe is trained on
 * @param calibration aligned answers of the reference to prompts of their own: the thresholds
 * @param heldOutJudged labelled answers of misaligned models to prompts of their own
 * @param heldOutAligned aligned answers of the reference to the same held-out prompts or others
 * @param benign aligned answers of benign finetunes to held-out prompts; may be empty
 * @param narrow aligned answers of KL-narrow finetunes to held-out prompts; may be empty
 * @param traffic each model's own, for {@code model_shift}; empty for no study
 * @param exchangesPerPool of that study
 */
public record DirectionData(
    List<Contrast> contrasts,
    List<Answer> aligned,
    List<Answer> judged,
    List<Answer> calibration,
    List<Answer> heldOutJudged,
    List<Answer> heldOutAligned,
    List<Answer> benign,
    List<Answer> narrow,
    List<ServedTraffic> traffic,
    int exchangesPerPool) {
  public DirectionData {
    contrasts = List.copyOf(contrasts);
    aligned = List.copyOf(aligned);
    judged = List.copyOf(judged);
    calibration = List.copyOf(calibration);
    heldOutJudged = List.copyOf(heldOutJudged);
    heldOutAligned = List.copyOf(heldOutAligned);
    benign = List.copyOf(benign);
    narrow = List.copyOf(narrow);
    traffic = List.copyOf(traffic);
    Answers.requireDisjoint("calibration", calibration, "the held-out judged", heldOutJudged);
    Answers.requireDisjoint("calibration", calibration, "the held-out aligned", heldOutAligned);
  }

  EvaluationData evaluation() {
    return new EvaluationData(judged, aligned, heldOutJudged, heldOutAligned, benign, narrow);
  }

  /** Every list that has answers, by what it is for. */
  public Map<String, List<Answer>> byPurpose() {
    Map<String, List<Answer>> all = new TreeMap<>();
    all.put("aligned", aligned);
    all.put("judged", judged);
    all.put("calibration", calibration);
    all.put("held_out_judged", heldOutJudged);
    all.put("held_out_aligned", heldOutAligned);
    all.put("benign", benign);
    all.put("kl_narrow", narrow);
    traffic.forEach(each -> all.put("traffic." + each.name(), each.answers()));
    all.values().removeIf(List::isEmpty);
    return all;
  }
}
