package dev.plumbline.agent.origin;

import java.util.Objects;
import java.util.Optional;

/**
 * A model that can be asked by name: a base, or a base with an adapter.
 *
 * @param name as clients write it
 * @param contextLength prompt and answer together, in tokens
 * @param direction the artefact it is scored with, absent when it is not scored
 * @param ablates whether the direction can be taken out of its forward pass
 * @param ablation what mode ablate does to it, for a person
 */
public record ServedModel(
    String name,
    int contextLength,
    Optional<String> direction,
    boolean ablates,
    Optional<String> ablation) {
  /** Without saying how it ablates. */
  public ServedModel(String name, int contextLength, Optional<String> direction, boolean ablates) {
    this(name, contextLength, direction, ablates, Optional.empty());
  }

  public ServedModel {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(ablation, "ablation");
    if (contextLength < 1) {
      throw new IllegalArgumentException(
          name + ": wanted a context length of at least 1, found " + contextLength);
    }
  }
}
