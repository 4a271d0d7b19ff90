package dev.plumbline.torch.reference;

/**
 * What a decoder's forward depends on besides its weights.
 *
 * @param vocabulary {@code V}
 * @param width residual width {@code D}
 * @param layers {@code L}
 * @param heads query heads
 * @param keyValueHeads key and value heads; each serves {@code heads / keyValueHeads} query heads
 *     in turn
 * @param headDim width of one head; {@code heads · headDim} need not be {@code width}
 * @param normEpsilon added to the mean square in every RMSNorm
 * @param rope rotary embedding
 * @param window a query sees itself and the {@code window - 1} tokens before; 0 sees all
 * @param firstWindowLayer layers below it have no window
 * @param tiedHead the head is the embedding matrix
 * @param queryKeyValueBias q, k and v have biases
 * @param outputBias o has a bias
 * @param mlpBias gate, up and down have biases
 * @param queryKeyNorm q and k heads are normed before they are rotated (Qwen3)
 */
public record ReferenceConfig(
    int vocabulary,
    int width,
    int layers,
    int heads,
    int keyValueHeads,
    int headDim,
    double normEpsilon,
    ReferenceRope rope,
    int window,
    int firstWindowLayer,
    boolean tiedHead,
    boolean queryKeyValueBias,
    boolean outputBias,
    boolean mlpBias,
    boolean queryKeyNorm) {

  public ReferenceConfig {
    if (heads % keyValueHeads != 0 || headDim % 2 != 0) {
      throw new IllegalArgumentException(
          "wanted heads to be a multiple of key-value heads and an even head width, found "
              + heads
              + ", "
              + keyValueHeads
              + ", "
              + headDim
              + " in the decoder's configuration; correct it");
    }
  }

  /** The same decoder cut after {@code count} layers; final norm and head still follow. */
  public ReferenceConfig withLayers(int count) {
    return new ReferenceConfig(
        vocabulary,
        width,
        count,
        heads,
        keyValueHeads,
        headDim,
        normEpsilon,
        rope,
        window,
        firstWindowLayer,
        tiedHead,
        queryKeyValueBias,
        outputBias,
        mlpBias,
        queryKeyNorm);
  }

  /** Whether the query at {@code query} may look at {@code key} in this layer. */
  public boolean sees(int layer, int query, int key) {
    boolean windowed = window > 0 && layer >= firstWindowLayer;
    return key <= query && (!windowed || key > query - window);
  }
}
