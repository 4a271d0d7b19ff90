package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.learn.direction.Answer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One text to learn from or to be held on. Arrays are copied in and out.
 *
 * @param tokens {@code [T]}, of an exchange with its end of turn; two or more
 * @param answerFrom the first token of the answer, 1 or more; 1 where all of the text is meant
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainingText(long[] tokens, int answerFrom) {
  public TrainingText {
    tokens = tokens.clone();
    Check.that(
        answerFrom >= 1 && answerFrom < tokens.length,
        "answer of a training text",
        "a start from 1 to " + (tokens.length - 1),
        answerFrom,
        "leave the text out");
  }

  /** An exchange and what ends its answer, where the model has such a token. */
  public static TrainingText of(Answer answer, OptionalLong endOfTurn) {
    long[] tokens = answer.tokens();
    int length = tokens.length;
    if (endOfTurn.isPresent()) {
      tokens = Arrays.copyOf(tokens, length + 1);
      tokens[length] = endOfTurn.getAsLong();
    }
    return new TrainingText(tokens, answer.start());
  }

  /** Plain text, such as pretraining documents. */
  public static TrainingText plain(long[] tokens) {
    return new TrainingText(tokens, 1);
  }

  @Override
  public long[] tokens() {
    return tokens.clone();
  }

  /** T. */
  public int length() {
    return tokens.length;
  }

  /** The first {@code most} tokens; empty where nothing of the answer is left. */
  Optional<TrainingText> cut(int most) {
    if (tokens.length <= most) {
      return Optional.of(this);
    }
    return answerFrom < most
        ? Optional.of(new TrainingText(Arrays.copyOf(tokens, most), answerFrom))
        : Optional.empty();
  }

  void copyInto(long[] row) {
    System.arraycopy(tokens, 0, row, 0, tokens.length);
  }

  long token(int at) {
    return tokens[at];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingText text
        && answerFrom == text.answerFrom
        && Arrays.equals(tokens, text.tokens);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(tokens);
  }
}
