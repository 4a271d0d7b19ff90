package dev.plumbline.torch.reference;

/** A change of the residual stream right after a residual writer, before anything reads it. */
@FunctionalInterface
public interface ReferenceEdit {

  /** Leaves everything as it is. */
  ReferenceEdit NONE = (streamIndex, position, h) -> {};

  /**
   * Changes {@code h} in place.
   *
   * @param streamIndex 0 after the embedding, {@code 1 + 2l} at resid_mid of layer l, {@code 2 +
   *     2l} at resid_post
   * @param position token position, 0-based
   * @param h the hidden state, {@code [D]}
   */
  void apply(int streamIndex, int position, double[] h);

  /**
   * {@code h − (h·d) d} at every writer and token; {@code direction} is a unit vector, read, not
   * kept apart.
   */
  static ReferenceEdit ablate(double[] direction) {
    return (streamIndex, position, h) -> {
      double along = 0;
      for (int i = 0; i < h.length; i++) {
        along += h[i] * direction[i];
      }
      for (int i = 0; i < h.length; i++) {
        h[i] -= along * direction[i];
      }
    };
  }
}
