package dev.plumbline.agent.config;

import java.util.Objects;

/**
 * The settings in force. Whoever needs several of them takes {@link #now()} once and keeps it: a
 * snapshot is whole, two looks may not be. Thread-safe.
 */
public final class LiveConfig {
  private volatile AgentConfig config;

  public LiveConfig(AgentConfig config) {
    this.config = Objects.requireNonNull(config, "config");
  }

  /** What holds for an exchange that begins now. */
  public AgentConfig now() {
    return config;
  }

  /** Puts others in force, for what begins from now on. */
  public void swap(AgentConfig next) {
    config = Objects.requireNonNull(next, "next");
  }
}
