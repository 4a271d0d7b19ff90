package dev.plumbline.agent.tap.states;

import java.util.Objects;

/**
 * The hidden states of one choice. The last sampled token never went through a forward pass, so it
 * has none here.
 *
 * @param choice its index in the answer
 * @param rows states of the last prompt token, if {@code answerFrom} is 1, then of the answer's
 * @param answerFrom tokens in {@code rows} before the answer: 0 or 1
 * @param whole every answer token that went through a forward pass is there; otherwise only the
 *     last one
 */
public record ChoiceStates(int choice, StateRows rows, int answerFrom, boolean whole) {
  public ChoiceStates {
    Objects.requireNonNull(rows, "rows");
    if (answerFrom < 0 || answerFrom > 1 || answerFrom > rows.tokens()) {
      throw new IllegalArgumentException(
          "wanted 0 or 1 prompt tokens of " + rows.tokens() + ", found " + answerFrom);
    }
  }

  /** Answer tokens with a state. */
  public int answerTokens() {
    return rows.tokens() - answerFrom;
  }
}
