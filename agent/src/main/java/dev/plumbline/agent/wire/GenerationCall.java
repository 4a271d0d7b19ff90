package dev.plumbline.agent.wire;

import java.util.Objects;

/**
 * A request for text, fully understood: no field of its JSON was left out of account.
 *
 * @param route chat or raw completion
 * @param model the served model's name
 * @param prompt conversation or text
 * @param sampling how to choose tokens
 * @param stream answer as server-sent events
 * @param includeUsage send a last chunk with token counts ({@code stream_options.include_usage})
 * @param tokenIds tell the token ids of prompt and answer ({@code return_token_ids})
 */
public record GenerationCall(
    Route route,
    String model,
    Prompt prompt,
    Sampling sampling,
    boolean stream,
    boolean includeUsage,
    boolean tokenIds) {
  public GenerationCall {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(sampling, "sampling");
    if (!route.generates()) {
      throw new IllegalArgumentException("wanted a generation route, found " + route);
    }
  }
}
