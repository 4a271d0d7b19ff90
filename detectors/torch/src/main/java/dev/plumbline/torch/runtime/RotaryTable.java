package dev.plumbline.torch.runtime;

/**
 * Cosines and signed sines of the rotary embedding (Su et al. 2021) for positions 0 to C−1, in the
 * half-split layout of Hugging Face models.
 *
 * <p>The sines of the first half carry a minus: with {@code roll(x, Dh/2)} for the swap of halves,
 * {@code x·cos + roll(x)·sin} is the whole rotation. Computed in double, rounded once.
 */
final class RotaryTable {
  private final float[] cos;
  private final float[] sin;

  /**
   * @param inverse the angular frequency per pair, {@code [Dh/2]}, scaling already applied
   */
  RotaryTable(double[] inverse, int positions) {
    int headDim = 2 * inverse.length;
    this.cos = new float[positions * headDim];
    this.sin = new float[positions * headDim];
    for (int p = 0; p < positions; p++) {
      for (int i = 0; i < inverse.length; i++) {
        put(p * headDim + i, inverse.length, p * inverse[i]);
      }
    }
  }

  private void put(int at, int half, double angle) {
    float c = (float) Math.cos(angle);
    float s = (float) Math.sin(angle);
    cos[at] = c;
    cos[at + half] = c;
    sin[at] = -s;
    sin[at + half] = s;
  }

  /** {@code [C,Dh]}, read, not kept. */
  float[] cos() {
    return cos;
  }

  /** {@code [C,Dh]}, the first half negated; read, not kept. */
  float[] signedSin() {
    return sin;
  }
}
