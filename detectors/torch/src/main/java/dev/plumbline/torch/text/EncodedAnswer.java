package dev.plumbline.torch.text;

import java.util.Arrays;

/**
 * The ids of a conversation ending in an answer: {@code T} ids, the answer's content last.
 * Immutable; the arrays it gives are copies.
 */
public final class EncodedAnswer {
  private final long[] ids;
  private final int answerStart;

  EncodedAnswer(long[] prompt, long[] answer) {
    this.ids = Arrays.copyOf(prompt, prompt.length + answer.length);
    this.answerStart = prompt.length;
    System.arraycopy(answer, 0, ids, prompt.length, answer.length);
  }

  /** All ids, {@code (T)}: prompt, header of the answer, content of the answer; no end of turn. */
  public long[] ids() {
    return ids.clone();
  }

  /** The index of the first token of the answer's content. */
  public int answerStart() {
    return answerStart;
  }

  /** How many tokens the answer's content has. */
  public int answerLength() {
    return ids.length - answerStart;
  }
}
