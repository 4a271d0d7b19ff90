package dev.plumbline.torch.runtime;

import java.util.Map;
import java.util.Optional;

/**
 * What is trained on a frozen decoder, and what is added to it meanwhile.
 *
 * @param adapter as it starts; no parts for none
 * @param patterns 1 where an entry of a part's B may learn, 0 where a fused product has no such
 *     entry, {@code [out,r]} row-major; absent where all may. See {@link PeftAdapters#patterns}
 * @param vector trained, as it starts
 * @param fixed added in {@link Trainable#crossEntropy} alone and never trained: preventative
 *     steering, which relieves the training of what must not be learned (Chen et al. 2025)
 */
public record Trainee(
    LoraWeights adapter,
    Map<LoraWeights.Key, float[]> patterns,
    Optional<MlpVector> vector,
    Optional<MlpVector> fixed) {
  public Trainee {
    patterns = Map.copyOf(patterns);
    if (adapter.parts().isEmpty() && vector.isEmpty()) {
      throw new IllegalArgumentException(
          "training: wanted an adapter with at least one part or a vector, found neither; name"
              + " modules or a layer");
    }
    if (adapter.embedding().isPresent()) {
      throw new IllegalArgumentException(
          "training: wanted an adapter of projections, found one of the embedding too; train"
              + " without it");
    }
    patterns.forEach(
        (key, pattern) -> {
          LoraWeights.Part part = adapter.parts().get(key);
          if (part == null || part.b().length != pattern.length) {
            throw new IllegalArgumentException(
                "training, pattern of " + key + ": wanted B's shape, found another; fuse anew");
          }
        });
  }

  /** An adapter all of whose entries may learn. */
  public static Trainee adapter(LoraWeights initial) {
    return new Trainee(initial, Map.of(), Optional.empty(), Optional.empty());
  }

  /** An adapter whose fused factors keep their zeros. */
  public static Trainee adapter(LoraWeights initial, Map<LoraWeights.Key, float[]> patterns) {
    return new Trainee(initial, patterns, Optional.empty(), Optional.empty());
  }

  /** A vector alone. */
  public static Trainee vector(MlpVector initial) {
    return new Trainee(
        new LoraWeights(1, Map.of()), Map.of(), Optional.of(initial), Optional.empty());
  }

  /** The same with a fixed vector added while the cross-entropy is taken. */
  public Trainee pushed(MlpVector by) {
    return new Trainee(adapter, patterns, vector, Optional.of(by));
  }
}
