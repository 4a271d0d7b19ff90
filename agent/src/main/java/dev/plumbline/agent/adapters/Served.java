package dev.plumbline.agent.adapters;

import java.util.List;
import java.util.Set;

/**
 * What an origin lists.
 *
 * @param bases names of the model without any adapter; empty where the server answers to any name
 * @param adapters those it has
 * @param owner who its first model is owned by, which is the server's own name; empty for unsaid
 */
public record Served(List<String> bases, List<ServedAdapter> adapters, String owner) {
  /** Servers whose streams give {@code token_ids}, and whose completions take them as a prompt. */
  private static final Set<String> GIVE_IDS = Set.of("vllm", "sglang", "plumbline");

  static final Served NOTHING = new Served(List.of(), List.of());

  /** Of one that does not say who it is. */
  Served(List<String> bases, List<ServedAdapter> adapters) {
    this(bases, adapters, "");
  }

  public Served {
    bases = List.copyOf(bases);
    adapters = List.copyOf(adapters);
  }

  /** Whether it is known to give token ids. */
  boolean givesIds() {
    return GIVE_IDS.contains(owner);
  }

  /** Whether a request for this model asks for the model without any adapter. */
  boolean takes(String model) {
    return bases.isEmpty() || bases.contains(model);
  }
}
