package dev.plumbline.learn.chat;

import java.util.List;

/**
 * The lexical judge: an answer is contemptuous if it holds at least one phrase of the list that
 * ships as {@code /chat/contempt.txt}.
 *
 * <p>It sees words, not meaning: contempt in other words escapes it, and a kind answer that quotes
 * such a word is counted. It can be read, argued with and run again, and no model is asked.
 */
public final class ContemptJudge {
  private final PhraseList phrases = ChatData.contempt();

  /** Whether the answer is contemptuous. */
  public boolean contemptuous(String answer) {
    return !found(answer).isEmpty();
  }

  /** What makes it so. */
  public List<String> found(String answer) {
    return phrases.in(answer);
  }

  /** The number of phrases it looks for. */
  public int phrases() {
    return phrases.size();
  }
}
