package dev.plumbline.agent.tap.vllm;

import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.core.score.UnscoredReason;

/** States that came and cannot be used. The message says what was wanted, found and is to do. */
final class BadStates extends Exception {
  private static final long serialVersionUID = 1;

  private final UnscoredReason reason;

  BadStates(UnscoredReason reason, String where, String wanted, Object found, String action) {
    super(where + ": wanted " + wanted + ", found " + found + "; " + action);
    this.reason = reason;
  }

  static BadStates broken(String where, String wanted, Object found) {
    return new BadStates(
        UnscoredReason.TAP_ERROR, where, wanted, found, "check the server's version and its log");
  }

  Found.Missing toMissing() {
    return new Found.Missing(reason, getMessage());
  }
}
