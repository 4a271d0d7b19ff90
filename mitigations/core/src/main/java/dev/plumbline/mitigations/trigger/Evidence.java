package dev.plumbline.mitigations.trigger;

import dev.plumbline.core.Check;
import java.util.OptionalDouble;

/** What a trigger is told. */
public sealed interface Evidence {
  /** A score or a rate, in [0, 1]. */
  record Level(double value) implements Evidence {
    public Level {
      Check.that(value >= 0 && value <= 1, "evidence", "a number in [0, 1]", value, "give a score");
    }
  }

  /** Nothing was scored, or too little: neither arms nor releases. */
  record Unknown() implements Evidence {}

  /**
   * An answer out of which the direction had been taken: it says nothing of the model. Never
   * releases by itself; after the dwell it asks for a trial.
   */
  record Treated() implements Evidence {}

  /** The value where there is one. */
  static Evidence of(OptionalDouble value) {
    return value.isPresent() ? new Level(value.getAsDouble()) : new Unknown();
  }
}
