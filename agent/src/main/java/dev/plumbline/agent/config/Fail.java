package dev.plumbline.agent.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What to do with an answer whose mode needs a verdict when there is none. */
public enum Fail {
  /** The answer goes out, and says that it is unscored. */
  OPEN,
  /** The answer stays in: the client gets an error. */
  CLOSED;

  /** The word in configuration and in metrics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Fail> find(String word) {
    return Arrays.stream(values())
        .filter(fail -> fail.wireName().equalsIgnoreCase(word))
        .findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Fail::wireName).toList();
  }
}
