package dev.plumbline.mitigations.trigger;

/** What a person may say to a trigger. */
public enum Command {
  /** Armed at once and never below it, without a cooldown, until another command. */
  ARM,
  /** Off now and left to its levels, after the cooldown. */
  DISARM,
  /** Off, whatever is seen, until another command. */
  OFF
}
