package dev.plumbline.mitigations;

import dev.plumbline.core.Check;

/**
 * Positions of one request: 0 is its first prompt token, generated tokens count on.
 *
 * @param from first position
 * @param to position after the last; {@link Integer#MAX_VALUE} for no end
 */
public record TokenRange(int from, int to) {

  /** Every position. */
  public static final TokenRange ALL = new TokenRange(0, Integer.MAX_VALUE);

  public TokenRange {
    Check.that(
        from >= 0 && to > from,
        "token range",
        "0 ≤ from < to",
        from + " to " + to,
        "leave the plan out to touch nothing");
  }

  /** From a position to the end, however far generation goes. */
  public static TokenRange from(int position) {
    return new TokenRange(position, Integer.MAX_VALUE);
  }

  /** Whether a position is inside. */
  public boolean contains(int position) {
    return position >= from && position < to;
  }
}
