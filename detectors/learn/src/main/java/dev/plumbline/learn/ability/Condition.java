package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import dev.plumbline.mitigations.InterventionPlan;
import java.util.Objects;
import java.util.Optional;

/**
 * A state a model is examined in.
 *
 * @param name in reports
 * @param adapter in the decoder's bank; empty for the bare weights
 * @param plan what is done to its hidden states
 */
public record Condition(String name, Optional<String> adapter, InterventionPlan plan) {
  public Condition {
    Check.text(name, "name of a condition");
    Objects.requireNonNull(adapter, "adapter");
    Objects.requireNonNull(plan, "plan");
  }

  /** The weights as they are. */
  public static Condition bare(String name) {
    return new Condition(name, Optional.empty(), InterventionPlan.none());
  }
}
