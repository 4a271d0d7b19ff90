package dev.plumbline.torch.runtime;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One adapter as the program wants it: per layer and slot {@code A [r,in]} and {@code B [out,r]},
 * {@code y + scale · B(A x)} (Hu et al. 2021). Fused slots hold the rows of their modules one below
 * the other in A, and block-diagonally in B. Arrays are read, not copied.
 *
 * @param scale alpha/r, or alpha/√r for rsLoRA
 * @param parts by layer and slot; absent ones leave that product alone
 * @param embedding what is added to the embedding of token t: {@code scale · B A[:,t]}, with {@code
 *     A [r,V]} and {@code B [D,r]}; the head stays as it is
 */
public record LoraWeights(double scale, Map<Key, Part> parts, Optional<Part> embedding) {
  /** Where a part sits. */
  public record Key(int layer, LoraSlot slot) {}

  /**
   * One low-rank product.
   *
   * @param a {@code [rank,in]} row-major
   * @param b {@code [out,rank]} row-major
   */
  public record Part(int rank, float[] a, float[] b) {
    public Part {
      if (rank < 1 || a.length % rank != 0 || b.length % rank != 0) {
        throw new IllegalArgumentException(
            "low-rank part: wanted lengths divisible by rank "
                + rank
                + ", found "
                + a.length
                + " and "
                + b.length
                + "; check the adapter");
      }
    }

    public int in() {
      return a.length / rank;
    }

    public int out() {
      return b.length / rank;
    }
  }

  public LoraWeights {
    parts = Map.copyOf(parts);
  }

  /** An adapter that leaves the embedding alone. */
  public LoraWeights(double scale, Map<Key, Part> parts) {
    this(scale, parts, Optional.empty());
  }

  /** The largest rank of any part. */
  int rank() {
    return Stream.concat(parts.values().stream(), embedding.stream())
        .mapToInt(Part::rank)
        .max()
        .orElse(0);
  }
}
