package dev.plumbline.agent.tap.oip;

import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.core.score.UnscoredReason;

/** A tensor of hidden states that cannot be read or changed. */
final class Unusable extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Found.Missing missing;

  Unusable(UnscoredReason reason, String wanted, Object found, String action) {
    super(null, null, false, false);
    this.missing =
        new Found.Missing(
            reason, "hidden states: wanted " + wanted + ", found " + found + "; " + action);
  }

  Found.Missing missing() {
    return missing;
  }
}
