package dev.plumbline.torch.serve;

import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.Decoder;
import java.util.Optional;
import java.util.Set;

/**
 * What a decoder can do, asked before a job is queued: a job that would fail in a batch would fail
 * everyone in it.
 *
 * @param positions the longest sequence, in tokens
 * @param vocabulary V
 * @param layers L
 * @param width D
 * @param adapters those loaded
 */
record Gate(int positions, int vocabulary, int layers, int width, Set<String> adapters) {

  static Gate of(Decoder decoder) {
    return new Gate(
        decoder.positions(),
        decoder.vocabulary(),
        decoder.shape().layers(),
        decoder.shape().hidden(),
        decoder.adapters().names());
  }

  /** Refuses an answer that cannot be generated. */
  void require(GenerationJob job) {
    length("generation", job.prompt().length + (long) job.maxTokens());
    tokens(job.prompt());
    adapter(job.adapter());
    plan(job.plan());
  }

  /** Refuses a text that cannot be read. */
  void require(long[] tokens, Optional<String> adapter) {
    length("reading", tokens.length);
    if (tokens.length == 0) {
      throw refusal("reading", "at least one token", "none", "leave the request out");
    }
    tokens(tokens);
    adapter(adapter);
  }

  /** Refuses tokens that cannot follow the first {@code before}. */
  void requireNext(int before, long[] tokens) {
    length("following", (long) before + tokens.length);
    tokens(tokens);
  }

  private void length(String what, long needed) {
    if (needed > positions) {
      throw refusal(
          what,
          "at most " + positions + " tokens",
          Long.toString(needed),
          "shorten the prompt or the answer");
    }
  }

  private void tokens(long[] tokens) {
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] >= vocabulary) {
        throw refusal(
            "token " + i,
            "an id from 0 to " + (vocabulary - 1),
            Long.toString(tokens[i]),
            "encode with this model's tokenizer");
      }
    }
  }

  private void adapter(Optional<String> name) {
    if (name.isPresent() && !adapters.contains(name.get())) {
      throw refusal(
          "adapter", "one of " + adapters, name.get(), "load it before the engine starts");
    }
  }

  private void plan(InterventionPlan plan) {
    plan.interventions()
        .forEach(
            (point, intervention) -> {
              point.streamIndex(layers);
              if (intervention.size() != width) {
                throw refusal(
                    "intervention at " + point,
                    "a direction of " + width,
                    Integer.toString(intervention.size()),
                    "use one learned on this model");
              }
            });
  }

  private static IllegalArgumentException refusal(
      String what, String wanted, String found, String todo) {
    return new IllegalArgumentException(
        what + ": wanted " + wanted + ", found " + found + "; " + todo);
  }
}
