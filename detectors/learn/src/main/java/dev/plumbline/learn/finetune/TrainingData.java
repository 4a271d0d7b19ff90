package dev.plumbline.learn.finetune;

import java.util.List;

/**
 * The texts of a finetune.
 *
 * @param domain learned from
 * @param anchors out of domain: held on by the divergence, where it has a weight
 * @param heldOut domain texts never learned from, for a loss
 * @param heldOutAnchors out-of-domain texts never held on, for a divergence
 */
public record TrainingData(
    List<TrainingText> domain,
    List<TrainingText> anchors,
    List<TrainingText> heldOut,
    List<TrainingText> heldOutAnchors) {
  public TrainingData {
    domain = List.copyOf(domain);
    anchors = List.copyOf(anchors);
    heldOut = List.copyOf(heldOut);
    heldOutAnchors = List.copyOf(heldOutAnchors);
  }

  /** Domain texts alone. */
  public static TrainingData of(List<TrainingText> domain) {
    return new TrainingData(domain, List.of(), List.of(), List.of());
  }

  /** With out-of-domain texts. */
  public TrainingData anchored(List<TrainingText> others) {
    return new TrainingData(domain, others, heldOut, heldOutAnchors);
  }

  /** With texts to measure on. */
  public TrainingData measured(List<TrainingText> own, List<TrainingText> others) {
    return new TrainingData(domain, anchors, own, others);
  }
}
