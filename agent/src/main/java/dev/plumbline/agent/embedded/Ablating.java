package dev.plumbline.agent.embedded;

import dev.plumbline.mitigations.InterventionPlan;

/**
 * What mode {@code ablate} does to one model's answers.
 *
 * @param plan compiled once, at loading
 * @param says the same for a person
 */
record Ablating(InterventionPlan plan, String says) {}
