package dev.plumbline.learn.intervene;

import dev.plumbline.core.Check;
import dev.plumbline.mitigations.InterventionPlan;
import java.util.Objects;

/**
 * What is done to a model's hidden states, and how it is called in reports.
 *
 * @param name short, such as {@code ablated-em}
 * @param detail for a person
 */
public record ChosenIntervention(String name, String detail, InterventionPlan plan) {
  public ChosenIntervention {
    Check.text(name, "name of an intervention");
    Check.text(detail, "detail of intervention " + name);
    Objects.requireNonNull(plan, "plan");
  }
}
