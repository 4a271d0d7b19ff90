package dev.plumbline.torch.checkpoint.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Writes float32 numbers as F32, F16 or BF16, little endian; narrowing rounds to nearest even. */
final class PlainFloats {
  private static final int CHUNK = 1 << 14;
  private static final float LARGEST_HALF = 65504f;

  private PlainFloats() {}

  static void requirePlain(String name, TensorType type) {
    if (type.isQuantised() || type.isInteger()) {
      throw new IllegalArgumentException("wanted F32, F16 or BF16 for " + name + ", found " + type);
    }
  }

  /** Throws {@link IllegalArgumentException} for a value that F16 cannot hold. */
  static void write(FileChannel out, String name, TensorType type, float[] values)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      chunk.clear();
      for (int i = from; i < Math.min(values.length, from + CHUNK); i++) {
        put(chunk, name, type, values[i], i);
      }
      WholeFile.fully(out, chunk.flip());
    }
  }

  private static void put(ByteBuffer chunk, String name, TensorType type, float value, int index) {
    switch (type) {
      case F32 -> chunk.putFloat(value);
      case BF16 -> chunk.putShort(Half.toBfloat16(value));
      default -> chunk.putShort(half(name, value, index));
    }
  }

  private static short half(String name, float value, int index) {
    if (Float.isFinite(value) && Math.abs(value) > LARGEST_HALF) {
      throw new IllegalArgumentException(
          "wanted at most 65504 in " + name + " for F16, found " + value + " at element " + index);
    }
    return Half.fromFloat(value);
  }
}
