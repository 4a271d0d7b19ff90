package dev.plumbline.torch.runtime;

import java.util.Arrays;

/**
 * A vector added to what the MLP of a layer writes, {@code y + scale·v}, for every token of every
 * row: so to the layer's {@code resid_post}. The array is read, not copied.
 *
 * @param layer 0-based
 * @param scale alpha
 * @param values {@code v [D]}, finite
 */
@SuppressWarnings("ArrayRecordComponent")
public record MlpVector(int layer, double scale, float[] values) {
  public MlpVector {
    if (layer < 0 || values.length == 0 || !Double.isFinite(scale)) {
      throw new IllegalArgumentException(
          "vector of a layer: wanted a layer, a width and a finite scale, found layer "
              + layer
              + ", width "
              + values.length
              + " and scale "
              + scale
              + "; correct them");
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "vector of layer " + layer + ": wanted finite values, found " + value + "; learn anew");
      }
    }
  }

  /** Zeros: changes nothing yet. */
  public static MlpVector zero(int layer, double scale, int width) {
    return new MlpVector(layer, scale, new float[width]);
  }

  /** {@code scale·v}, a new array. */
  float[] scaled() {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (scale * values[i]);
    }
    return scaled;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MlpVector vector
        && layer == vector.layer
        && scale == vector.scale
        && Arrays.equals(values, vector.values);
  }

  @Override
  public int hashCode() {
    return 31 * layer + Arrays.hashCode(values);
  }
}
