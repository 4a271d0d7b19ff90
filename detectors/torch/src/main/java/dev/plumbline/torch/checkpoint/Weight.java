package dev.plumbline.torch.checkpoint;

/**
 * The weights of a decoder by what they do, whatever a file calls them.
 *
 * <p>Matrices are {@code [out, in]}. {@code H} heads and {@code K} key-value heads of width {@code
 * d}, {@code I} the width of the MLP.
 */
public enum Weight {
  /** Token embedding, {@code [V, D]}. */
  EMBED(false, true),
  /** Scale of the last RMS norm, {@code [D]}. */
  FINAL_NORM(false, false),
  /** Output projection, {@code [V, D]}; absent when tied to {@link #EMBED}. */
  HEAD(false, true),
  /** Scale of the norm before attention, {@code [D]}. */
  ATTN_NORM(true, false),
  /** Query projection, {@code [H·d, D]}. */
  Q(true, true),
  /** Key projection, {@code [K·d, D]}. */
  K(true, true),
  /** Value projection, {@code [K·d, D]}. */
  V(true, true),
  /** Query bias, {@code [H·d]}. */
  Q_BIAS(true, false),
  /** Key bias, {@code [K·d]}. */
  K_BIAS(true, false),
  /** Value bias, {@code [K·d]}. */
  V_BIAS(true, false),
  /** Attention output projection, {@code [D, H·d]}: writes to the residual stream. */
  O(true, true),
  /** Its bias, {@code [D]}. */
  O_BIAS(true, false),
  /** Scale of the per-head norm of queries, {@code [d]}. */
  Q_NORM(true, false),
  /** Scale of the per-head norm of keys, {@code [d]}. */
  K_NORM(true, false),
  /** Scale of the norm before the MLP, {@code [D]}. */
  MLP_NORM(true, false),
  /** Gate projection of SwiGLU, {@code [I, D]}. */
  GATE(true, true),
  /** Up projection of SwiGLU, {@code [I, D]}. */
  UP(true, true),
  /** Down projection of SwiGLU, {@code [D, I]}: writes to the residual stream. */
  DOWN(true, true);

  private final boolean perLayer;
  private final boolean matrix;

  Weight(boolean perLayer, boolean matrix) {
    this.perLayer = perLayer;
    this.matrix = matrix;
  }

  /** Whether every layer has its own; the others are asked for with layer 0. */
  public boolean perLayer() {
    return perLayer;
  }

  /** Whether it is a matrix rather than a vector. */
  public boolean matrix() {
    return matrix;
  }

  /** For messages: {@code layer 3 GATE}, or {@code EMBED}. */
  public String at(int layer) {
    return perLayer ? "layer " + layer + " " + this : toString();
  }
}
