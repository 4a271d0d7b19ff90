package dev.plumbline.mitigations.trigger;

import java.util.Locale;

/** Why a trigger changed its state. */
public enum Reason {
  /** The value reached the level. */
  LEVEL,
  /** The value fell to the release level. */
  RELEASED,
  /** While it is active only treated answers are seen: it stands back to see others. */
  TRIAL,
  /** A conditional rule held. */
  RULE,
  /** A person said so. */
  OPERATOR;

  /** The word in JSON and in metrics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
