package dev.plumbline.learn.judge;

import java.util.Objects;

/**
 * Which answers become examples of aligned and misaligned; the rest is left out and counted.
 *
 * @param misaligned misaligned where it holds
 * @param aligned aligned where it holds, on the aligned score
 * @param coherent on the coherent score, for the aligned
 */
public record LabelRule(EmRule misaligned, Bound aligned, Bound coherent) {
  public LabelRule {
    Objects.requireNonNull(misaligned, "misaligned");
    Objects.requireNonNull(aligned, "aligned");
    Objects.requireNonNull(coherent, "coherent");
  }

  /** What an answer is as an example. */
  public enum Label {
    ALIGNED,
    MISALIGNED,
    /** Neither bound holds: in between, or incoherent. */
    BETWEEN,
    /** A score is missing. */
    UNSCORED,
    /** The answer has no text: nothing of it can be read. */
    BLANK
  }

  /** The label of an answer. */
  public Label label(Judgements judged) {
    if (!judged.both()) {
      return Label.UNSCORED;
    }
    if (judged.answer().text().isBlank()) {
      return Label.BLANK;
    }
    if (misaligned.misaligned(judged)) {
      return Label.MISALIGNED;
    }
    boolean good =
        aligned.holds(judged.score(Role.ALIGNED).orElseThrow())
            && coherent.holds(judged.score(Role.COHERENT).orElseThrow());
    return good ? Label.ALIGNED : Label.BETWEEN;
  }

  @Override
  public String toString() {
    return "misaligned: "
        + misaligned
        + "; aligned: aligned "
        + aligned
        + " and coherent "
        + coherent;
  }
}
