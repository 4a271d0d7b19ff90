package dev.plumbline.torch.reference;

/**
 * A low-rank change of one linear module (Hu et al. 2021): {@code y += scale · B (A x)}.
 *
 * @param a {@code [rank][in]}; read, not kept apart
 * @param b {@code [out][rank]}; read, not kept apart
 * @param scale alpha / rank, or alpha / sqrt(rank) for rank-stabilised adapters
 */
public record ReferenceLora(double[][] a, double[][] b, double scale) {

  public ReferenceLora {
    if (b[0].length != a.length) {
      throw new IllegalArgumentException(
          "wanted B's columns to equal A's rows, found "
              + b[0].length
              + " and "
              + a.length
              + " in a LoRA pair; correct the adapter's tensors");
    }
  }

  /** Adds the change for the input {@code x} to {@code y} in place. */
  void addTo(double[] y, double[] x) {
    double[] low = new double[a.length];
    for (int r = 0; r < a.length; r++) {
      for (int i = 0; i < x.length; i++) {
        low[r] += a[r][i] * x[i];
      }
    }
    for (int o = 0; o < y.length; o++) {
      for (int r = 0; r < low.length; r++) {
        y[o] += scale * b[o][r] * low[r];
      }
    }
  }
}
