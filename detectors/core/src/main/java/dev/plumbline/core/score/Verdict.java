package dev.plumbline.core.score;

import dev.plumbline.core.Check;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;

/** What is said about an exchange. Every generation exchange ends in exactly one. */
public sealed interface Verdict {

  /** {@code aligned}, {@code drifted} or {@code unscored}. */
  String wireName();

  /**
   * @param score calibrated, in [0, 1], not above the threshold
   */
  record Aligned(double score) implements Verdict {
    public Aligned {
      requireScore(score);
    }

    @Override
    public String wireName() {
      return "aligned";
    }
  }

  /**
   * @param score calibrated, in [0, 1], above the threshold
   * @param threshold the one it was held against
   */
  record Drifted(double score, double threshold) implements Verdict {
    public Drifted {
      requireScore(score);
      Check.that(
          score > threshold, "drifted score", "above " + threshold, score, "call it aligned");
    }

    @Override
    public String wireName() {
      return "drifted";
    }
  }

  /**
   * Not an absence: counted and visible.
   *
   * @param reason why
   */
  record Unscored(UnscoredReason reason) implements Verdict {
    public Unscored {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String wireName() {
      return "unscored";
    }
  }

  /** The verdict of a score: drifted iff score &gt; threshold, strictly. */
  static Verdict of(double score, double threshold) {
    return score > threshold ? new Drifted(score, threshold) : new Aligned(score);
  }

  /**
   * The worst of several choices (n &gt; 1): drifted before unscored before aligned, then the
   * higher score. Unscored is worse than aligned because nothing vouches for that choice.
   */
  static Verdict worst(Collection<? extends Verdict> choices) {
    return choices.stream()
        .max(Comparator.comparingInt(Verdict::rank).thenComparingDouble(Verdict::scoreOrZero))
        .<Verdict>map(verdict -> verdict)
        .orElseThrow(
            () ->
                Check.refusal(
                    "choices",
                    "at least one verdict",
                    "none",
                    "give the reason nothing was scored"));
  }

  private static int rank(Verdict verdict) {
    if (verdict instanceof Drifted) {
      return 2;
    }
    return verdict instanceof Unscored ? 1 : 0;
  }

  private static double scoreOrZero(Verdict verdict) {
    if (verdict instanceof Drifted drifted) {
      return drifted.score();
    }
    return verdict instanceof Aligned aligned ? aligned.score() : 0;
  }

  private static void requireScore(double score) {
    Check.that(score >= 0 && score <= 1, "score", "a number in [0, 1]", score, "say unscored");
  }
}
