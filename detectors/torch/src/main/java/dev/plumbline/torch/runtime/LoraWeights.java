package dev.plumbline.torch.runtime;

import java.util.Map;

/**
 * One adapter as the program wants it: per layer and slot {@code A [r,in]} and {@code B [out,r]},
 * {@code y + scale · B(A x)} (Hu et al. 2021). Fused slots hold the rows of their modules one below
 * the other in A, and block-diagonally in B. Arrays are read, not copied.
 *
 * @param scale alpha/r, or alpha/√r for rsLoRA
 * @param parts by layer and slot; absent ones leave that product alone
 */
public record LoraWeights(double scale, Map<Key, Part> parts) {
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

  /** The largest rank of any part. */
  int rank() {
    return parts.values().stream().mapToInt(Part::rank).max().orElse(0);
  }
}
