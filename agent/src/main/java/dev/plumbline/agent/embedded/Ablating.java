package dev.plumbline.agent.embedded;

import dev.plumbline.mitigations.InterventionPlan;
import java.util.Map;

/**
 * What mode {@code ablate} does to one model's answers.
 *
 * @param plan compiled once, at loading
 * @param says the same for a person
 * @param named what a request may ask for instead
 */
record Ablating(InterventionPlan plan, String says, Map<String, Ablating> named) {
  Ablating {
    named = Map.copyOf(named);
  }

  /** What a request asks for. */
  Ablating called(String name) {
    Ablating found = named.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "wanted an intervention of " + named.keySet() + ", found " + name);
    }
    return found;
  }
}
