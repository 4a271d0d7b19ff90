package dev.plumbline.torch.reference;

/**
 * Rotary position embedding (Su et al. 2021): angle of pair {@code i} at position {@code p} is
 * {@code p · f_i}, with {@code f_i = theta^(-2i/headDim)} and the frequency scaling that
 * long-context checkpoints declare.
 *
 * @param theta base of the geometric series
 * @param scaling which rule changes the frequencies
 * @param factor LINEAR: positions are divided by it; LLAMA3: so are the pairs that turn slowly
 * @param lowFrequency LLAMA3: pairs with wavelength above {@code originalPositions / lowFrequency}
 *     are scaled wholly
 * @param highFrequency LLAMA3: pairs with wavelength below {@code originalPositions /
 *     highFrequency} are left alone
 * @param originalPositions LLAMA3: context length, in tokens, of the unscaled model
 */
public record ReferenceRope(
    double theta,
    Scaling scaling,
    double factor,
    double lowFrequency,
    double highFrequency,
    double originalPositions) {

  /** How a checkpoint stretches its context. */
  public enum Scaling {
    NONE,
    LINEAR,
    LLAMA3
  }

  /** Unscaled frequencies. */
  public static ReferenceRope plain(double theta) {
    return new ReferenceRope(theta, Scaling.NONE, 1, 1, 1, 1);
  }

  /** Radians a position, one for each of the {@code headDim / 2} pairs. */
  public double[] frequencies(int headDim) {
    double[] frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double plain = Math.pow(theta, -2.0 * i / headDim);
      frequencies[i] =
          switch (scaling) {
            case NONE -> plain;
            case LINEAR -> plain / factor;
            case LLAMA3 -> llama3(plain);
          };
    }
    return frequencies;
  }

  /**
   * Between the two wavelengths the scaled and the unscaled frequency are mixed linearly in turns a
   * context.
   */
  private double llama3(double frequency) {
    double turns = originalPositions * frequency / (2 * Math.PI);
    double keep = (turns - lowFrequency) / (highFrequency - lowFrequency);
    double kept = Math.min(1, Math.max(0, keep));
    return kept * frequency + (1 - kept) * frequency / factor;
  }

  /**
   * Rotates one head in place; pair {@code i} is elements {@code i} and {@code i + headDim/2}
   * (Hugging Face order).
   */
  static void rotate(double[] head, double[] frequencies, int position) {
    int half = frequencies.length;
    for (int i = 0; i < half; i++) {
      double cos = Math.cos(position * frequencies[i]);
      double sin = Math.sin(position * frequencies[i]);
      double x = head[i];
      double y = head[i + half];
      head[i] = x * cos - y * sin;
      head[i + half] = y * cos + x * sin;
    }
  }
}
