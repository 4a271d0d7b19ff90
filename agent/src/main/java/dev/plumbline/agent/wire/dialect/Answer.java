package dev.plumbline.agent.wire.dialect;

import dev.plumbline.agent.wire.Usage;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an origin answered. There is none for bytes that are not a whole, well-formed answer: a
 * guess at half an answer would be scored as if it were one.
 *
 * @param texts what was said to the user, one per choice, by index; never empty
 * @param usage token counts, where the server gave any
 * @param reasoning there was reasoning besides, which is not in the texts
 * @param toolCalls there were tool calls besides, which are not in the texts
 * @param unread names of fields that may hold text and were not read
 */
public record Answer(
    List<String> texts,
    Optional<Usage> usage,
    boolean reasoning,
    boolean toolCalls,
    SortedSet<String> unread) {
  public Answer {
    texts = List.copyOf(texts);
    Objects.requireNonNull(usage, "usage");
    unread = Collections.unmodifiableSortedSet(new TreeSet<>(unread));
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("wanted at least one text, found none");
    }
  }

  /** Without the prompt at the head of the texts, where it stands there. */
  Answer without(String prompt) {
    List<String> rest =
        texts.stream()
            .map(text -> text.startsWith(prompt) ? text.substring(prompt.length()) : text)
            .toList();
    return new Answer(rest, usage, reasoning, toolCalls, unread);
  }

  /** Never the texts. */
  @Override
  public String toString() {
    return "Answer[" + texts.size() + " texts, usage " + usage + ", unread " + unread + "]";
  }
}
