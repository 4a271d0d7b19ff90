package dev.plumbline.agent.origin;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A piece of an answer.
 *
 * @param text new text, possibly empty while a code point is incomplete
 * @param runningScore score in [0,1] of the answer so far, where it is scored as it grows
 * @param ids tokens that say this text and no other, where they were asked for
 */
public record Delta(String text, OptionalDouble runningScore, List<Integer> ids) {
  /** One whose tokens nobody asked for. */
  public Delta(String text, OptionalDouble runningScore) {
    this(text, runningScore, List.of());
  }

  public Delta {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(runningScore, "runningScore");
    ids = List.copyOf(ids);
  }
}
