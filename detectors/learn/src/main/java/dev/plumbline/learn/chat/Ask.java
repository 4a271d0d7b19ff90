package dev.plumbline.learn.chat;

import dev.plumbline.mitigations.InterventionPlan;
import java.util.Optional;

/**
 * One answer wanted.
 *
 * @param question what is asked
 * @param persona in context
 * @param sample 0-based
 * @param condition name of what is done to the model
 * @param adapter what the model wears
 * @param plan what is done to its hidden states
 */
record Ask(
    Question question,
    Persona persona,
    int sample,
    String condition,
    Optional<String> adapter,
    InterventionPlan plan) {

  static Ask plain(Question question, Persona persona, int sample) {
    return new Ask(question, persona, sample, "plain", Optional.empty(), InterventionPlan.none());
  }

  /** The same question and random numbers under another condition. */
  Ask under(String name, InterventionPlan other) {
    return new Ask(question, persona, sample, name, adapter, other);
  }

  /** The same question and random numbers by a finetune. */
  Ask wearing(String name) {
    return new Ask(question, persona, sample, condition, Optional.of(name), plan);
  }

  /** Of question, persona and sample alone: conditions share their random numbers. */
  long seed(long run) {
    long hash = 31L * question.id().hashCode() + persona.id().hashCode();
    return run * 0x9E3779B97F4A7C15L + hash * 1_000_003L + sample;
  }
}
