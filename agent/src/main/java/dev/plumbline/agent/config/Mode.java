package dev.plumbline.agent.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the agent does about an exchange, from the least protection to the most. */
public enum Mode {
  /** Score, tell nobody but the operator: the answer is what it would be without the agent. */
  OBSERVE,
  /** Say the verdict with the answer, waiting for it up to a deadline. */
  ANNOTATE,
  /**
   * Nothing of an answer goes out that no verdict covers; a refusal takes a drifted one's place.
   */
  WITHHOLD,
  /** The same, but a drifted answer is continued by the model without the direction. */
  RESCUE,
  /** Take the direction out in the forward pass, and say so. */
  ABLATE;

  /** The word in configuration and in the {@code plumbline-mode} header. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mode of a word; case does not matter. */
  public static Optional<Mode> find(String word) {
    return Arrays.stream(values())
        .filter(mode -> mode.wireName().equalsIgnoreCase(word))
        .findFirst();
  }

  /** All words, weakest first. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Mode::wireName).toList();
  }

  /** Whether text waits for a verdict before it goes out. */
  public boolean screens() {
    return this == WITHHOLD || this == RESCUE;
  }

  /** The more protective of two. */
  public Mode max(Mode other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
