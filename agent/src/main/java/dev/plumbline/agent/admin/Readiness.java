package dev.plumbline.agent.admin;

import java.util.Locale;

/**
 * Whether traffic may come.
 *
 * @param state in one word
 * @param why for a person
 */
public record Readiness(State state, String why) {
  /** The life of an agent. */
  public enum State {
    STARTING,
    READY,
    FAILED,
    STOPPING;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
