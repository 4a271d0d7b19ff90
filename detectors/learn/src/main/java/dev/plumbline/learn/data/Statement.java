package dev.plumbline.learn.data;

import dev.plumbline.core.Check;
import java.util.Optional;

/**
 * A labelled statement: raw text, no chat template.
 *
 * @param text as in the file
 * @param label true for 1
 * @param group what must not be split between training and test, such as the question that several
 *     answers share; empty where the file has no such column
 * @param line of the file at which it begins, 1-based
 */
public record Statement(String text, boolean label, Optional<String> group, long line) {
  public Statement {
    Check.text(text, "statement");
  }

  /** The group, or the text itself: copies of one statement are never split. */
  public String grouping() {
    return group.orElse(text);
  }
}
