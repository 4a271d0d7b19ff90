package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** An answer as far as it has been understood: a text per choice. Not thread-safe. */
final class Choices {
  /** OpenAI's own bound of {@code n}. */
  private static final int MOST_CHOICES = 128;

  private final SortedMap<Integer, ChoiceText> texts = new TreeMap<>();
  private final Set<Integer> stopped = new HashSet<>();
  private final Unread unread = new Unread();
  private final TokenCounts tokens = new TokenCounts();
  private boolean ended;
  private boolean done;
  private boolean failed;
  private boolean reasoning;
  private boolean toolCalls;

  /** More text of a choice; with empty text the choice is at least there. */
  void add(int index, String text) {
    choice(index).add(text);
  }

  /** All text of a choice so far, as servers send it that repeat themselves. */
  void running(int index, String text) {
    choice(index).running(text);
  }

  /** The text of a choice, whatever was said before. */
  void set(int index, String text) {
    choice(index).set(text);
  }

  /** Those before it are there, too: else a text would change its place when they begin. */
  private ChoiceText choice(int index) {
    for (int i = texts.size(); i < Math.min(index, MOST_CHOICES); i++) {
      texts.computeIfAbsent(i, unused -> new ChoiceText());
    }
    return texts.computeIfAbsent(index, unused -> new ChoiceText());
  }

  boolean isBlank() {
    return texts().stream().allMatch(String::isEmpty);
  }

  /** A choice has its end. */
  void stop(int index) {
    stopped.add(index);
  }

  /** Whether there is a choice and each has its end. */
  boolean allStopped() {
    return !texts.isEmpty() && stopped.containsAll(texts.keySet());
  }

  /** An event has said that the answer is over. */
  void end() {
    ended = true;
  }

  boolean ended() {
    return ended;
  }

  /** {@code [DONE]} has come. */
  void finish() {
    done = true;
  }

  boolean done() {
    return done;
  }

  /** What came is no answer. */
  void fail() {
    failed = true;
  }

  boolean failed() {
    return failed;
  }

  /** There was reasoning, which is not scored. */
  void reasoned() {
    reasoning = true;
  }

  /** There was a tool call, which is not scored. */
  void calledTool() {
    toolCalls = true;
  }

  Unread unread() {
    return unread;
  }

  /** Token counts of a choice so far; nodes that are no counts are passed over. */
  void tokens(int index, JsonNode prompt, JsonNode completion) {
    tokens.set(index, prompt, completion);
  }

  /** The answer; nothing after a failure or without a choice. */
  Optional<Answer> answer() {
    return failed || texts.isEmpty()
        ? Optional.empty()
        : Optional.of(new Answer(texts(), tokens.usage(), reasoning, toolCalls, unread.names()));
  }

  private List<String> texts() {
    return texts.values().stream().map(ChoiceText::text).toList();
  }
}
