package dev.plumbline.export.residual;

import dev.plumbline.core.Check;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /**
   * The share that the commonest token has of all that is read: a few hundredths of ordinary text,
   * most of a text that the tokenizer has no words for.
   */
  public static double commonest(List<Reading> texts) {
    Map<Long, Long> counts = new HashMap<>();
    long all = 0;
    for (Reading text : texts) {
      for (int t = text.from(); t < text.tokens().length; t++) {
        counts.merge(text.tokens()[t], 1L, Long::sum);
        all++;
      }
    }
    return Collections.max(counts.values()) / (double) all;
  }
}
