package dev.plumbline.agent.config;

/** What a new value of a setting needs before it holds. */
public enum Change {
  /** A reload: it holds for every exchange that begins after it. */
  LIVE,
  /** A restart: something was built from it that a reload does not build again. */
  RESTART
}
