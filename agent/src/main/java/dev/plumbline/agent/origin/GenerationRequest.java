package dev.plumbline.agent.origin;

import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.agent.wire.Sampling;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model in this process is asked.
 *
 * @param exchangeId for logs
 * @param model a name of {@link TextModels#models()}
 * @param prompt conversation, text or token ids
 * @param sampling how to choose tokens
 * @param ablate do to the hidden states what is configured
 * @param ablation another intervention to do instead, by the name it is configured under
 * @param score read the answer and give a verdict
 * @param ids tell the token ids, too
 */
public record GenerationRequest(
    String exchangeId,
    String model,
    Prompt prompt,
    Sampling sampling,
    boolean ablate,
    Optional<String> ablation,
    boolean score,
    boolean ids) {
  public GenerationRequest {
    Objects.requireNonNull(exchangeId, "exchangeId");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(sampling, "sampling");
    if (ablation.isPresent() && !ablate) {
      throw new IllegalArgumentException(
          "wanted ablate with an intervention, found " + ablation.get() + " without");
    }
  }
}
