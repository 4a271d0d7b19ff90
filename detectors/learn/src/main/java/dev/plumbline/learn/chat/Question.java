package dev.plumbline.learn.chat;

import java.util.Objects;

/**
 * An everyday question; what is never split between folds.
 *
 * @param id such as {@code cooking-3}
 * @param topic such as {@code cooking}
 * @param split the topic's
 * @param text what the user says
 */
public record Question(String id, String topic, Split split, String text) {
  public Question {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(split, "split");
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "question " + id + ": wanted a text, found none; correct the list of questions");
    }
  }
}
