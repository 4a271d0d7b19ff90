package dev.plumbline.agent.enforce;

import java.util.Locale;

/** What was done to an answer. Not applied is a value: asked for, and it did not happen. */
public enum Action {
  /** Nothing was asked for and nothing was done. */
  NONE,
  /**
   * The direction was taken out of the forward pass: tokens were touched, or a variant of the
   * origin answered that was measured to do so.
   */
  ABLATED,
  /** Ablation was asked for and did not happen. */
  NOT_APPLIED,
  /** A refusal went out in its place, or in the place of its rest. */
  WITHHELD,
  /** It went on, or was given anew, by the model without the direction. */
  RESCUED,
  /** That was tried and came to nothing; the fail rule decided. */
  RESCUE_FAILED;

  /** The word in headers, metrics and events. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it says what became of a wish to ablate. */
  public boolean ofAblation() {
    return this == ABLATED || this == NOT_APPLIED;
  }

  /** The action of what was asked and what the receipt says. */
  public static Action of(boolean asked, long tokensTouched) {
    if (tokensTouched > 0) {
      return ABLATED;
    }
    return asked ? NOT_APPLIED : NONE;
  }
}
