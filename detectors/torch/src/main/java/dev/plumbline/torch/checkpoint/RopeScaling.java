package dev.plumbline.torch.checkpoint;

import java.util.Arrays;

/**
 * How the rotary embedding's frequencies are stretched for contexts longer than those of
 * pretraining.
 *
 * <p>Unscaled, pair {@code i} of a head of width {@code d} turns by {@code θ^(−2i/d)} a position.
 */
public sealed interface RopeScaling {
  /**
   * What the frequency of pair {@code i} is divided by.
   *
   * @param i the pair, from 0 to {@code d/2 − 1}
   * @param frequency its unscaled frequency, in radians a position
   */
  double divisor(int i, double frequency);

  /** The scaled frequencies of all {@code headDim / 2} pairs, in radians a position. */
  default double[] frequencies(double theta, int headDim) {
    double[] frequencies = new double[headDim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double plain = Math.pow(theta, -2.0 * i / headDim);
      frequencies[i] = plain / divisor(i, plain);
    }
    return frequencies;
  }

  /** Frequencies as they were pretrained. */
  record None() implements RopeScaling {
    @Override
    public double divisor(int i, double frequency) {
      return 1;
    }
  }

  /**
   * Position interpolation: every frequency divided by the same factor.
   *
   * @param factor how many times longer the context becomes, above 0
   */
  record Linear(double factor) implements RopeScaling {
    public Linear {
      Positive.require("factor", factor);
    }

    @Override
    public double divisor(int i, double frequency) {
      return factor;
    }
  }

  /**
   * Llama 3.1: wavelengths above {@code originalMaxPosition / lowFreq} are stretched by the factor,
   * those below {@code originalMaxPosition / highFreq} are kept, between them the two are blended.
   */
  record Llama3(double factor, double lowFreq, double highFreq, double originalMaxPosition)
      implements RopeScaling {
    public Llama3 {
      Positive.require("factor", factor);
      Positive.require("low_freq_factor", lowFreq);
      Positive.require("high_freq_factor", highFreq);
      Positive.require("original_max_position_embeddings", originalMaxPosition);
      if (highFreq <= lowFreq) {
        throw new IllegalArgumentException(
            "wanted high_freq_factor above low_freq_factor " + lowFreq + ", found " + highFreq);
      }
    }

    @Override
    public double divisor(int i, double frequency) {
      double turns = originalMaxPosition * frequency / (2 * Math.PI);
      double smooth = Math.min(1, Math.max(0, (turns - lowFreq) / (highFreq - lowFreq)));
      return 1 / ((1 - smooth) / factor + smooth);
    }
  }

  /** A divisor for each pair, as GGUF files carry in {@code rope_freqs.weight}. */
  final class Factors implements RopeScaling {
    private final float[] divisors;

    /** Copies the divisors, of which there are {@code headDim / 2}, all above 0. */
    public Factors(float[] divisors) {
      this.divisors = divisors.clone();
      for (float divisor : divisors) {
        Positive.require("a rope frequency divisor", divisor);
      }
    }

    /** How many pairs there are. */
    public int pairs() {
      return divisors.length;
    }

    @Override
    public double divisor(int i, double frequency) {
      return divisors[i];
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Factors factors && Arrays.equals(divisors, factors.divisors);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(divisors);
    }

    @Override
    public String toString() {
      return "Factors" + Arrays.toString(divisors);
    }
  }
}
