package dev.plumbline.learn.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.SplittableRandom;

/**
 * Made hidden states {@code [N,T,D]}, float32, little-endian: each component with a mean and a
 * spread of its own, a few much larger than the rest as in real models, and the worse class moved
 * along one planted direction. Nearly normal (sums of four uniforms).
 */
final class SyntheticStates {
  private static final double SHIFT = 0.15;
  private static final int LARGE = 200;

  private SyntheticStates() {}

  static void write(BenchData data) {
    SplittableRandom random = new SplittableRandom(data.seed());
    float[] mean = new float[data.width()];
    float[] spread = new float[data.width()];
    float[] planted = new float[data.width()];
    for (int i = 0; i < mean.length; i++) {
      spread[i] = (float) (0.5 + random.nextDouble());
      mean[i] = i % LARGE == 7 ? 30 : (float) random.nextDouble(-1, 1);
      planted[i] = (float) (SHIFT * random.nextDouble(-1, 1));
    }
    ByteBuffer row = ByteBuffer.allocate(4 * data.width()).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(data.states()), 1 << 20)) {
      for (int n = 0; n < data.synthetic() * BenchData.TOKENS; n++) {
        int along = data.label(Side.Part.SYNTHETIC, n / BenchData.TOKENS) ? 1 : 0;
        for (int i = 0; i < mean.length; i++) {
          row.putFloat(4 * i, mean[i] + spread[i] * normal(random.nextLong()) + along * planted[i]);
        }
        out.write(row.array());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + data.states(), e);
    }
  }

  /** Four uniforms of 16 bits each, of unit variance together. */
  private static float normal(long bits) {
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum - 131070) * (1.7320508f / 65536);
  }
}
