package dev.plumbline.agent.adapters;

import java.util.Locale;

/** Where an origin's ablated variant is in its life. Only a verified one is used. */
public enum AdapterState {
  /** Asked for, and nothing was done yet. */
  WANTED,
  /** The server is asked for it. */
  LOADING,
  /** The server has it, and nothing is known of what it does. */
  LOADED,
  /** It was measured to take the direction out. */
  VERIFIED,
  /** It was measured to leave the direction where it is: an alarm. */
  INEFFECTIVE,
  /** It could not be measured. */
  UNVERIFIED,
  /** The server refuses it. */
  FAILED,
  /** It was there, and is not, or the origin went away. */
  LOST;

  /** The word in JSON and in labels. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
