package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.learn.direction.Answer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A text and which of its tokens count. Arrays are read, not copied.
 *
 * @param ids {@code [T]}
 * @param predicted positions from 1 on whose token is predicted from those before it, ascending
 */
@SuppressWarnings("ArrayRecordComponent")
public record ScoredText(long[] ids, int[] predicted) {
  public ScoredText {
    Check.that(
        predicted.length > 0, "text", "1 or more tokens that count", 0, "leave the text out");
    for (int position : predicted) {
      Check.that(
          position >= 1 && position < ids.length,
          "position that counts",
          "1 to " + (ids.length - 1),
          position,
          "correct it");
    }
  }

  /** All tokens after the first. */
  public static ScoredText document(long[] ids) {
    return new ScoredText(ids, IntStream.range(1, ids.length).toArray());
  }

  /** The answer's tokens alone: no prompt, no header, no end of turn. */
  public static ScoredText response(Answer answer) {
    long[] ids = answer.tokens();
    return new ScoredText(ids, IntStream.range(answer.start(), ids.length).toArray());
  }

  /** At most {@code most} tokens of it; a text none of whose tokens that count are left fails. */
  public ScoredText cut(int most) {
    return ids.length <= most
        ? this
        : new ScoredText(
            Arrays.copyOf(ids, most), Arrays.stream(predicted).filter(p -> p < most).toArray());
  }

  /** T. */
  public int size() {
    return ids.length;
  }
}
