package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import java.util.Arrays;

/**
 * Tokens and from where on they are to be predicted. Arrays are the record's own.
 *
 * @param tokens {@code [T]}, context and continuation
 * @param start index of the first predicted token, 1 to T−1
 */
public record Continuation(long[] tokens, int start) {
  public Continuation {
    tokens = tokens.clone();
    Check.that(
        start >= 1 && start < tokens.length,
        "start of a continuation",
        "1 to " + (tokens.length - 1),
        start,
        "give a context and something after it");
  }

  /** Predicted tokens. */
  public int length() {
    return tokens.length - start;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Continuation c && start == c.start && Arrays.equals(tokens, c.tokens);
  }

  @Override
  public int hashCode() {
    return 31 * start + Arrays.hashCode(tokens);
  }

  @Override
  public String toString() {
    return "Continuation[T=" + tokens.length + ", start=" + start + "]";
  }
}
