package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import java.util.List;

/**
 * How steering vectors are tried out.
 *
 * @param strengths candidates of α in {@code h + α v}, above 0
 * @param positions which tokens are steered
 * @param validation questions per topic for choosing layer, strength and dimension
 * @param test questions per topic of other topics for the figures
 * @param seed of parts, questions, answers and the random vector
 */
public record SteeringSettings(
    List<Double> strengths, Positions positions, int validation, int test, long seed) {
  /** Where {@code α v} is added. */
  public enum Positions {
    /** The last prompt token and every generated one, as published. */
    LAST_PROMPT_ON,
    /** Every token. */
    ALL
  }

  public SteeringSettings {
    strengths = List.copyOf(strengths);
    Check.that(!strengths.isEmpty(), "strengths", "1 or more", "none", "name some");
    strengths.forEach(strength -> Check.positive(strength, "strength"));
    Check.that(validation > 0 && test > 0, "questions per topic", "1 or more", 0, "raise them");
  }

  /** α from 1 to 4, five validation and thirty test questions a topic. */
  public static SteeringSettings of(long seed) {
    return new SteeringSettings(
        List.of(1.0, 1.5, 2.0, 3.0, 4.0), Positions.LAST_PROMPT_ON, 5, 30, seed);
  }
}
