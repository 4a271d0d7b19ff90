package dev.plumbline.torch.checkpoint.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decodes whole blocks of any {@link TensorType} of weights to float32; one switch a call, none an
 * element.
 */
final class Dequantiser {
  private Dequantiser() {}

  /** Decodes {@code blocks} blocks from the start of {@code in} to {@code out[at...]}. */
  static void decode(TensorType type, byte[] in, int blocks, float[] out, int at) {
    switch (type) {
      case F32 -> f32(in, blocks, out, at);
      case F16 -> f16(in, blocks, out, at);
      case BF16 -> bf16(in, blocks, out, at);
      case Q4_0 -> SmallBlocks.q4(in, blocks, out, at, false);
      case Q4_1 -> SmallBlocks.q4(in, blocks, out, at, true);
      case Q5_0 -> SmallBlocks.q5(in, blocks, out, at, false);
      case Q5_1 -> SmallBlocks.q5(in, blocks, out, at, true);
      case Q8_0 -> SmallBlocks.q8(in, blocks, out, at);
      case Q4_K -> SuperBlocks.q4(in, blocks, out, at);
      case Q5_K -> SuperBlocks.q5(in, blocks, out, at);
      case Q6_K -> SuperBlocks.q6(in, blocks, out, at);
      case I32, I64 -> throw new IllegalArgumentException("integers are not weights: " + type);
    }
  }

  private static void f32(byte[] in, int count, float[] out, int at) {
    ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out, at, count);
  }

  private static void f16(byte[] in, int count, float[] out, int at) {
    for (int i = 0; i < count; i++) {
      out[at + i] = Half.toFloat(in[2 * i] & 0xff | in[2 * i + 1] << 8);
    }
  }

  private static void bf16(byte[] in, int count, float[] out, int at) {
    for (int i = 0; i < count; i++) {
      out[at + i] = Float.intBitsToFloat((in[2 * i] & 0xff | in[2 * i + 1] << 8) << 16);
    }
  }
}
