package dev.plumbline.agent.config;

import dev.plumbline.mitigations.trigger.Levels;
import dev.plumbline.mitigations.trigger.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * When modes are raised.
 *
 * @param mode what an active trigger raises to
 * @param route levels of the rate of drifted exchanges
 * @param window how far back that rate sees
 * @param minimum scored exchanges below which there is no rate
 * @param conversation levels of the scores of a conversation
 * @param conversations remembered
 * @param rules by name; each names its own mode
 */
public record TriggerSettings(
    Mode mode,
    Levels route,
    Duration window,
    int minimum,
    Levels conversation,
    int conversations,
    Map<String, Rule> rules) {

  public TriggerSettings {
    rules = Map.copyOf(rules);
  }

  static Optional<TriggerSettings> of(Values values) {
    return values.find(Key.TRIGGER_MODE, Mode.class).map(mode -> of(mode, values));
  }

  private static TriggerSettings of(Mode mode, Values values) {
    return new TriggerSettings(
        mode,
        route(values),
        values.get(Key.TRIGGER_WINDOW, Duration.class),
        values.get(Key.TRIGGER_MIN_COUNT, Integer.class),
        conversation(values),
        values.get(Key.TRIGGER_CONVERSATIONS, Integer.class),
        values.all(Family.TRIGGER_RULE, Rule.class));
  }

  static Levels route(Values values) {
    return new Levels(
        share(values, Key.TRIGGER_ARM),
        share(values, Key.TRIGGER_ACTIVATE),
        share(values, Key.TRIGGER_RELEASE),
        values.get(Key.TRIGGER_DWELL, Duration.class),
        values.get(Key.TRIGGER_COOLDOWN, Duration.class));
  }

  /** Without a cooldown: a conversation that turns again is not noise of a rate. */
  static Levels conversation(Values values) {
    return new Levels(
        share(values, Key.TRIGGER_SCORE_ARM),
        share(values, Key.TRIGGER_SCORE_ACTIVATE),
        share(values, Key.TRIGGER_SCORE_RELEASE),
        values.get(Key.TRIGGER_DWELL, Duration.class),
        Duration.ZERO);
  }

  private static double share(Values values, Key key) {
    return values.get(key, Double.class);
  }
}
