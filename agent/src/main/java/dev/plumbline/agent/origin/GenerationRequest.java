package dev.plumbline.agent.origin;

import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.agent.wire.Sampling;
import java.util.Objects;

/**
 * What a model in this process is asked.
 *
 * @param exchangeId for logs
 * @param model a name of {@link TextModels#models()}
 * @param prompt conversation or text
 * @param sampling how to choose tokens
 * @param ablate take the direction out after every residual writer
 * @param score read the answer and give a verdict
 */
public record GenerationRequest(
    String exchangeId,
    String model,
    Prompt prompt,
    Sampling sampling,
    boolean ablate,
    boolean score) {
  public GenerationRequest {
    Objects.requireNonNull(exchangeId, "exchangeId");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(sampling, "sampling");
  }
}
