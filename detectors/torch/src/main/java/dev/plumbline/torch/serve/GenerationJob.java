package dev.plumbline.torch.serve;

import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.Sampling;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One answer to be generated.
 *
 * @param prompt token ids, read, not kept after the answer
 * @param maxTokens the most answer tokens
 * @param sampling how tokens are drawn
 * @param stopIds tokens that end the answer and do not belong to it
 * @param adapter what the row wears
 * @param plan what is done to its hidden states
 * @param reference whether the bare base reads along: a second row of the same tokens without
 *     adapter and interventions
 */
public record GenerationJob(
    long[] prompt,
    int maxTokens,
    Sampling sampling,
    Set<Long> stopIds,
    Optional<String> adapter,
    InterventionPlan plan,
    boolean reference) {
  public GenerationJob {
    Objects.requireNonNull(sampling, "sampling");
    Objects.requireNonNull(adapter, "adapter");
    Objects.requireNonNull(plan, "plan");
    stopIds = Set.copyOf(stopIds);
    if (prompt.length == 0 || maxTokens < 1) {
      throw new IllegalArgumentException(
          "generation: wanted a prompt and at least one answer token, found "
              + prompt.length
              + " prompt tokens and "
              + maxTokens
              + " answer tokens; correct the request");
    }
  }
}
