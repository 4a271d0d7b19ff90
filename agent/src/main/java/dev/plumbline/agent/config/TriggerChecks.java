package dev.plumbline.agent.config;

import dev.plumbline.mitigations.trigger.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Mistakes among the settings of triggers that no single key shows. */
final class TriggerChecks {
  private final Values values;
  private final List<Mistake> mistakes = new ArrayList<>();

  private TriggerChecks(Values values) {
    this.values = values;
  }

  static List<Mistake> of(Values values) {
    TriggerChecks checks = new TriggerChecks(values);
    checks.levels(Key.TRIGGER_ARM, () -> TriggerSettings.route(values));
    checks.levels(Key.TRIGGER_SCORE_ARM, () -> TriggerSettings.conversation(values));
    if (values.get(Key.TRIGGER_WINDOW, Duration.class).compareTo(Duration.ofSeconds(1)) < 0) {
      checks.mistake(Key.TRIGGER_WINDOW.key(), "less than 1s", "1s or more");
    }
    values.all(Family.TRIGGER_RULE, Rule.class).forEach(checks::rule);
    return checks.mistakes;
  }

  private void levels(Key key, Supplier<?> levels) {
    try {
      levels.get();
    } catch (IllegalArgumentException e) {
      mistake(key.key(), e.getMessage(), "0 ≤ release < arm ≤ activate ≤ 1");
    }
  }

  private void rule(String name, Rule rule) {
    String key = Family.TRIGGER_RULE.key(name);
    if (values.find(Key.TRIGGER_MODE, Mode.class).isEmpty()) {
      mistake(key, "a rule without trigger.mode", "trigger.mode: nothing is triggered without");
    }
    if (!values.all(Family.DIRECTION, Object.class).containsKey(rule.direction())) {
      mistake(
          key,
          "direction '" + rule.direction() + "', which is not read",
          "one of directions.NAME: " + values.all(Family.DIRECTION, Object.class).keySet());
    }
  }

  private void mistake(String key, String found, String wanted) {
    mistakes.add(new Mistake(key, "together", found, wanted));
  }
}
