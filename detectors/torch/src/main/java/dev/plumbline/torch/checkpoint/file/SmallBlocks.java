package dev.plumbline.torch.checkpoint.file;

/**
 * ggml's blocks of 32: a binary16 scale {@code d}, for the {@code _1} types a binary16 minimum
 * {@code m}, then the integers.
 *
 * <p>{@code x = d·(q − offset)} without, {@code x = d·q + m} with a minimum. Nibble {@code j}'s low
 * half is element {@code j}, its high half element {@code j + 16}; the fifth bits of {@code q5} lie
 * in one 32-bit word before them.
 */
final class SmallBlocks {
  private static final int SIZE = 32;
  private static final int HALF = 16;

  private SmallBlocks() {}

  static void q4(byte[] in, int blocks, float[] out, int at, boolean minimum) {
    int head = minimum ? 4 : 2;
    for (int b = 0; b < blocks; b++) {
      int from = b * (head + HALF);
      int to = at + b * SIZE;
      float d = half(in, from);
      if (minimum) {
        nibbles(in, from + head, out, to, d, half(in, from + 2));
      } else {
        nibblesLess8(in, from + head, out, to, d);
      }
    }
  }

  private static void nibbles(byte[] in, int from, float[] out, int to, float d, float m) {
    for (int j = 0; j < HALF; j++) {
      int q = in[from + j];
      out[to + j] = d * (q & 15) + m;
      out[to + j + HALF] = d * (q >> 4 & 15) + m;
    }
  }

  private static void nibblesLess8(byte[] in, int from, float[] out, int to, float d) {
    for (int j = 0; j < HALF; j++) {
      int q = in[from + j];
      out[to + j] = d * ((q & 15) - 8);
      out[to + j + HALF] = d * ((q >> 4 & 15) - 8);
    }
  }

  static void q5(byte[] in, int blocks, float[] out, int at, boolean minimum) {
    int head = minimum ? 4 : 2;
    int offset = minimum ? 0 : 16;
    for (int b = 0; b < blocks; b++) {
      int from = b * (head + 4 + HALF);
      int to = at + b * SIZE;
      float d = half(in, from);
      float m = minimum ? half(in, from + 2) : 0;
      int high = word(in, from + head);
      for (int j = 0; j < HALF; j++) {
        int q = in[from + head + 4 + j];
        out[to + j] = d * ((q & 15 | (high >>> j & 1) << 4) - offset) + m;
        out[to + j + HALF] = d * ((q >> 4 & 15 | (high >>> j + HALF & 1) << 4) - offset) + m;
      }
    }
  }

  static void q8(byte[] in, int blocks, float[] out, int at) {
    for (int b = 0; b < blocks; b++) {
      int from = b * (2 + SIZE);
      int to = at + b * SIZE;
      float d = half(in, from);
      for (int j = 0; j < SIZE; j++) {
        out[to + j] = d * in[from + 2 + j];
      }
    }
  }

  /** The binary16 at {@code from}. */
  static float half(byte[] in, int from) {
    return Half.toFloat(in[from] & 0xff | (in[from + 1] & 0xff) << 8);
  }

  private static int word(byte[] in, int from) {
    return in[from] & 0xff
        | (in[from + 1] & 0xff) << 8
        | (in[from + 2] & 0xff) << 16
        | (in[from + 3] & 0xff) << 24;
  }
}
