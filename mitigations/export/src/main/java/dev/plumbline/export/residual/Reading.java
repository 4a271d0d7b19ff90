package dev.plumbline.export.residual;

import dev.plumbline.core.Check;

/**
 * A text to be read. Holds the array it is given.
 *
 * @param tokens its ids
 * @param from the first position whose state counts: an answer's beginning, or 1, as the state of a
 *     text's first token is of another size than all others
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reading(long[] tokens, int from) {
  public Reading {
    Check.that(
        from >= 1 && from < tokens.length,
        "text",
        "at least one token behind the first",
        tokens.length + " tokens from " + from,
        "give longer texts");
  }
}
