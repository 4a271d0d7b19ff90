package dev.plumbline.agent.tap;

import java.util.Arrays;
import java.util.List;

/**
 * Feeds a following from a parser that knows each choice's text so far: hands on what is new. A
 * text that became shorter, or another one, feeds nothing here; the end finds out. One thread.
 */
public final class TextsSoFar {
  private final Following following;
  private int[] fed = new int[1];

  public TextsSoFar(Following following) {
    this.following = following;
  }

  /** The answers as they stand, by choice. */
  public void are(List<String> texts) {
    if (texts.size() > fed.length) {
      fed = Arrays.copyOf(fed, texts.size());
    }
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (text.length() > fed[i]) {
        following.feed(i, text.substring(fed[i]));
        fed[i] = text.length();
      }
    }
  }
}
