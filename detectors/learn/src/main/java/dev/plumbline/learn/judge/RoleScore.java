package dev.plumbline.learn.judge;

import dev.plumbline.core.Check;
import java.util.Objects;

/** What a judge said in one role: a number, or why there is none. */
public sealed interface RoleScore {
  /**
   * A score.
   *
   * @param value 0 to 100
   * @param mass probability of the numbers among the judge's likeliest tokens, in (0,1]
   * @param digits whether every number among them was a single digit
   */
  record Scored(double value, double mass, boolean digits) implements RoleScore {
    public Scored {
      Check.that(value >= 0 && value <= 100, "score", "0 to 100", value, "check the judge");
    }
  }

  /**
   * No score; counted, never replaced.
   *
   * @param reason kind
   * @param detail for a person
   */
  record None(Reason reason, String detail) implements RoleScore {
    public None {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(detail, "detail");
    }
  }

  /** Why there is no score. */
  enum Reason {
    /** Numbers have less than a quarter of the probability: the judge refused or digressed. */
    FEW_NUMBERS,
    /** The endpoint gave no likeliest tokens: it cannot be a judge. */
    NO_LOGPROBS,
    /** Connection or overload, until the deadline. Asked for again on resume. */
    TRANSPORT,
    /** The endpoint rejected the request. */
    REJECTED,
    /** What came back is no chat completion. */
    MALFORMED,
    /** The question is not of the organism's world. */
    OTHER_WORLD
  }
}
