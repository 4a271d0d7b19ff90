package dev.plumbline.export.gguf;

import java.util.List;
import java.util.Objects;

/**
 * A weight of a base, streamed under the name and in the row order its GGUF file has.
 *
 * @param name such as {@code blk.0.ffn_down.weight}
 * @param shape row-major: {@code [out, in]}, {@code [E, out, in]} of stacked experts, {@code [V,
 *     D]} of an embedding
 * @param rows where its elements come from
 */
record BaseMatrix(String name, List<Long> shape, Rows rows) {
  /** Reads elements from {@code from} on as float32. */
  @FunctionalInterface
  interface Rows {
    void read(long from, float[] into, int count);
  }

  BaseMatrix {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(rows, "rows");
    shape = List.copyOf(shape);
  }

  int extent(int fromLast) {
    return Math.toIntExact(shape.get(shape.size() - 1 - fromLast));
  }

  /** Whether it is one matrix an expert. */
  boolean stacked() {
    return shape.size() == 3;
  }

  /** How many matrices it is. */
  int experts() {
    return stacked() ? extent(2) : 1;
  }

  /** All elements of a small one, such as a norm's scale. */
  float[] all() {
    float[] all = new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
    rows.read(0, all, all.length);
    return all;
  }
}
