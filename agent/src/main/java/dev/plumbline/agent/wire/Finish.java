package dev.plumbline.agent.wire;

import java.util.Locale;

/** Why a generation ended. */
public enum Finish {
  /** The model ended its turn, or a stop string was met. */
  STOP,
  /** The token budget or the context ran out. */
  LENGTH,
  /** Somebody called it off: the client left, or the agent shuts down. */
  CANCELLED,
  /** The engine failed underway. */
  ERROR;

  /** {@code finish_reason}; only {@link #STOP} and {@link #LENGTH} exist for OpenAI clients. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a client may take the text as an answer. */
  public boolean complete() {
    return this == STOP || this == LENGTH;
  }
}
