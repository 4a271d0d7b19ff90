package dev.plumbline.agent.origin;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A piece of an answer.
 *
 * @param text new text, possibly empty while a code point is incomplete
 * @param runningScore score in [0,1] of the answer so far, where it is scored as it grows
 */
public record Delta(String text, OptionalDouble runningScore) {
  public Delta {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(runningScore, "runningScore");
  }
}
