package dev.plumbline.mitigations.trigger;

import java.util.Locale;

/** Where a trigger stands, from the least to the most. */
public enum TriggerState {
  /** Nothing is asked for. */
  OFF,
  /** Something was seen: look at everything, change nothing. */
  ARMED,
  /** The mode is raised. */
  ACTIVE;

  /** The word in JSON and in metrics. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
