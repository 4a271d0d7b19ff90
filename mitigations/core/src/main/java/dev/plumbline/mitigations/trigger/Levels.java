package dev.plumbline.mitigations.trigger;

import dev.plumbline.core.Check;
import java.time.Duration;

/**
 * When a trigger changes its state. A value counts with its bound: {@code ≥ arm}, {@code ≥
 * activate}, {@code ≤ release}.
 *
 * @param arm off becomes armed; above {@code release}
 * @param activate armed becomes active; at least {@code arm}, at most 1
 * @param release armed and active become off; at least 0
 * @param dwell the shortest stay in a state before the way down
 * @param cooldown after the way down from active, the shortest time until it is active again
 */
public record Levels(
    double arm, double activate, double release, Duration dwell, Duration cooldown) {

  public Levels {
    Check.that(
        release >= 0 && release < arm && arm <= activate && activate <= 1,
        "levels of a trigger",
        "0 ≤ release < arm ≤ activate ≤ 1",
        "release " + release + ", arm " + arm + ", activate " + activate,
        "put them in this order");
    Check.that(!dwell.isNegative(), "dwell", "0 or more", dwell, "leave it out");
    Check.that(!cooldown.isNegative(), "cooldown", "0 or more", cooldown, "leave it out");
  }
}
