package dev.plumbline.torch.checkpoint.file;

/**
 * ggml's super-blocks of 256 elements ({@code Q4_K}, {@code Q5_K}, {@code Q6_K}).
 *
 * <p>Q4_K and Q5_K: eight groups of 32, group {@code g} with {@code x = (d·s_g)·q − (dmin·m_g)},
 * the 6-bit {@code s} and {@code m} packed in 12 bytes. Q6_K: sixteen groups of 16 with {@code x =
 * d·s_g·(q − 32)} and 8-bit signed {@code s}.
 */
final class SuperBlocks {
  private static final int SIZE = 256;
  private static final int Q4_BYTES = 144;
  private static final int Q5_BYTES = 176;
  private static final int Q6_BYTES = 210;

  private SuperBlocks() {}

  static void q4(byte[] in, int blocks, float[] out, int at) {
    for (int b = 0; b < blocks; b++) {
      int from = b * Q4_BYTES;
      float d = SmallBlocks.half(in, from);
      float dmin = SmallBlocks.half(in, from + 2);
      for (int g = 0; g < 8; g++) {
        float scale = d * scale(in, from + 4, g);
        float min = dmin * min(in, from + 4, g);
        int q = from + 16 + 32 * (g >> 1);
        int shift = 4 * (g & 1);
        int to = at + b * SIZE + 32 * g;
        for (int l = 0; l < 32; l++) {
          out[to + l] = scale * (in[q + l] >> shift & 15) - min;
        }
      }
    }
  }

  static void q5(byte[] in, int blocks, float[] out, int at) {
    for (int b = 0; b < blocks; b++) {
      int from = b * Q5_BYTES;
      float d = SmallBlocks.half(in, from);
      float dmin = SmallBlocks.half(in, from + 2);
      int high = from + 16;
      for (int g = 0; g < 8; g++) {
        float scale = d * scale(in, from + 4, g);
        float min = dmin * min(in, from + 4, g);
        int q = from + 48 + 32 * (g >> 1);
        int shift = 4 * (g & 1);
        int to = at + b * SIZE + 32 * g;
        for (int l = 0; l < 32; l++) {
          int value = in[q + l] >> shift & 15 | (in[high + l] >> g & 1) << 4;
          out[to + l] = scale * value - min;
        }
      }
    }
  }

  static void q6(byte[] in, int blocks, float[] out, int at) {
    for (int b = 0; b < blocks; b++) {
      int from = b * Q6_BYTES;
      float d = SmallBlocks.half(in, from + 208);
      for (int g = 0; g < 16; g++) {
        // Half h of 128 elements, quarter k of 32: low nibbles for k = 0, 1, high ones for 2, 3.
        int h = g >> 3;
        int k = g >> 1 & 3;
        int inside = 16 * (g & 1);
        int low = from + 64 * h + 32 * (k & 1) + inside;
        int high = from + 128 + 32 * h + inside;
        float scale = d * in[from + 192 + g];
        int to = at + b * SIZE + 16 * g;
        for (int l = 0; l < 16; l++) {
          int value = in[low + l] >> 4 * (k >> 1) & 15 | (in[high + l] >> 2 * k & 3) << 4;
          out[to + l] = scale * (value - 32);
        }
      }
    }
  }

  private static int scale(byte[] in, int from, int g) {
    return g < 4 ? in[from + g] & 63 : in[from + g + 4] & 15 | (in[from + g - 4] >> 6 & 3) << 4;
  }

  private static int min(byte[] in, int from, int g) {
    return g < 4
        ? in[from + g + 4] & 63
        : in[from + g + 4] >> 4 & 15 | (in[from + g] >> 6 & 3) << 4;
  }
}
