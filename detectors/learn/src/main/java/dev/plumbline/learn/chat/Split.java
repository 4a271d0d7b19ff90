package dev.plumbline.learn.chat;

import java.util.Locale;

/** What a topic's questions are used for; a topic belongs to one. */
public enum Split {
  /** Directions and probes are fitted on it. */
  TRAIN,
  /** Scales and thresholds are fitted on it. */
  CALIBRATION,
  /** Nothing is fitted on it; figures come from it. */
  HELD_OUT;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
