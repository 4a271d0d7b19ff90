package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;

/**
 * What a matrix does along a direction, streamed row by row and summed in double: a base of any
 * size passes through one row's memory.
 */
final class DirectionPart {
  private DirectionPart() {}

  /** {@code dᵀW [in]} of {@code W [out, in]}; of experts, one after another, {@code [E, in]}. */
  static float[] written(BaseMatrix w, double[] d) {
    int in = w.extent(0);
    int out = w.extent(1);
    Check.size(d.length, out, "rows of " + w.name());
    int experts = w.experts();
    float[] parts = new float[Math.multiplyExact(experts, in)];
    float[] row = new float[in];
    for (int e = 0; e < experts; e++) {
      double[] sum = new double[in];
      for (int o = 0; o < out; o++) {
        w.rows().read(((long) e * out + o) * in, row, in);
        for (int i = 0; i < in; i++) {
          sum[i] += d[o] * row[i];
        }
      }
      narrow(sum, parts, e * in);
    }
    return parts;
  }

  /**
   * {@code W·v [out]} of {@code W [out, in]}; of experts, one after another, {@code [E, out]}; of
   * an embedding {@code E·d [V]}.
   */
  static float[] read(BaseMatrix w, double[] v) {
    int in = w.extent(0);
    int out = Math.multiplyExact(w.experts(), w.extent(1));
    Check.size(v.length, in, "columns of " + w.name());
    float[] parts = new float[out];
    float[] row = new float[in];
    for (int o = 0; o < out; o++) {
      w.rows().read((long) o * in, row, in);
      double sum = 0;
      for (int i = 0; i < in; i++) {
        sum += v[i] * row[i];
      }
      parts[o] = (float) sum;
    }
    return parts;
  }

  private static void narrow(double[] from, float[] into, int at) {
    for (int i = 0; i < from.length; i++) {
      into[at + i] = (float) from[i];
    }
  }
}
