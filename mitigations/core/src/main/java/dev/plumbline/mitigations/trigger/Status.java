package dev.plumbline.mitigations.trigger;

import java.time.Instant;
import java.util.Objects;

/**
 * All that a trigger remembers. Immutable.
 *
 * @param state where it stands
 * @param since when it came there
 * @param notActiveBefore the end of the cooldown
 * @param hold what a person asked of it
 * @param trials since it was off last; each doubles the dwell before the next
 */
public record Status(
    TriggerState state, Instant since, Instant notActiveBefore, Hold hold, int trials) {
  /** What a person asked of it. */
  public enum Hold {
    /** The levels alone decide. */
    NONE,
    /** Not below armed. */
    ARMED,
    /** Never above off. */
    OFF
  }

  public Status {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(notActiveBefore, "notActiveBefore");
    Objects.requireNonNull(hold, "hold");
  }

  /** Off, and left to its levels. */
  public static Status begin(Instant at) {
    return new Status(TriggerState.OFF, at, at, Hold.NONE, 0);
  }

  /** Whether the mode is raised. */
  public boolean active() {
    return state == TriggerState.ACTIVE;
  }
}
