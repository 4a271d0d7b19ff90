package dev.plumbline.agent.adapters;

import java.util.List;

/**
 * What an origin lists.
 *
 * @param bases names of the model without any adapter; empty where the server answers to any name
 * @param adapters those it has
 */
public record Served(List<String> bases, List<ServedAdapter> adapters) {
  static final Served NOTHING = new Served(List.of(), List.of());

  public Served {
    bases = List.copyOf(bases);
    adapters = List.copyOf(adapters);
  }

  /** Whether a request for this model asks for the model without any adapter. */
  boolean takes(String model) {
    return bases.isEmpty() || bases.contains(model);
  }
}
