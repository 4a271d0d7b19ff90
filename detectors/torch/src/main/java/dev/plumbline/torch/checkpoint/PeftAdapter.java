package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A LoRA adapter in PEFT's folder layout: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}.
 *
 * <p>Every change is {@code ΔW = scaling · B·A} on one projection of one layer, or on the token
 * embedding, where {@code ΔEᵀ = scaling · B·A}; a tied head stays as it was. Only what this runtime
 * applies is accepted: no DoRA, no biases, no saved modules, no per-module ranks.
 *
 * @param rank {@code r}
 * @param alpha {@code lora_alpha}
 * @param rankStabilised {@code use_rslora}: scaling is {@code α/√r} instead of {@code α/r}
 * @param changes what is changed, by place; in the order of layers
 * @param embedding what is changed of the embedding: {@code A [r, V]}, {@code B [D, r]}
 */
public record PeftAdapter(
    int rank,
    double alpha,
    boolean rankStabilised,
    Map<Target, LowRank> changes,
    Optional<LowRank> embedding) {
  /**
   * A matrix of a decoder.
   *
   * @param layer its block, 0-based
   * @param weight one of {@code Q, K, V, O, GATE, UP, DOWN}
   */
  public record Target(int layer, Weight weight) implements Comparable<Target> {
    public Target {
      Objects.requireNonNull(weight, "weight");
      if (layer < 0 || !weight.perLayer() || !weight.matrix()) {
        throw new IllegalArgumentException(
            "wanted a projection of a layer, found " + weight.at(layer));
      }
    }

    @Override
    public int compareTo(Target other) {
      int byLayer = Integer.compare(layer, other.layer);
      return byLayer != 0 ? byLayer : weight.compareTo(other.weight);
    }
  }

  public PeftAdapter {
    Positive.require("rank", rank, Integer.MAX_VALUE);
    Positive.require("lora_alpha", alpha);
    changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
    changes.forEach((target, change) -> requireRank(rank, change, target));
    embedding.ifPresent(change -> requireRank(rank, change, "the embedding"));
  }

  /** An adapter that leaves the embedding alone. */
  public PeftAdapter(int rank, double alpha, boolean rankStabilised, Map<Target, LowRank> changes) {
    this(rank, alpha, rankStabilised, changes, Optional.empty());
  }

  private static void requireRank(int rank, LowRank change, Object where) {
    if (change.rank() != rank) {
      throw new IllegalArgumentException(
          "wanted rank " + rank + " everywhere, found " + change.rank() + " at " + where);
    }
  }

  /**
   * Reads an adapter for a base model.
   *
   * @throws BadFileException if it is unsound, does not fit the model, or wants what this runtime
   *     does not do
   */
  public static PeftAdapter open(Path folder, ModelConfig base) {
    return new PeftReader(folder, base).read();
  }

  /** What {@code B·A} is multiplied by. */
  public double scaling() {
    return rankStabilised ? alpha / Math.sqrt(rank) : alpha / rank;
  }
}
