package dev.plumbline.export.base;

import java.util.List;

/**
 * Products of a base's tensors with vectors of the residual stream, summed in double over one piece
 * of the tensor after the other. At most {@link #PIECE} elements (or one row) are in memory, beside
 * vectors of the tensor's sides.
 */
public final class Products {
  /** Elements of a tensor read at once, unless one row has more. */
  public static final int PIECE = 1 << 20;

  private final Base base;
  private final HeapMeter heap;

  /** Works on a base that others close. */
  public Products(Base base, HeapMeter heap) {
    this.base = base;
    this.heap = heap;
  }

  /** {@code dᵀW} of {@code W [D,in]}: {@code [in]}. */
  public double[] left(String name, double[] d) {
    double[] product = heap.doubles(columns(name));
    rows(
        name,
        (row, piece, at) -> {
          double factor = d[(int) row];
          for (int j = 0; j < product.length; j++) {
            product[j] += factor * piece[at + j];
          }
        });
    heap.release(8L * product.length);
    return product;
  }

  /** {@code W v} of {@code W [out,D]}: {@code [out]}. */
  public double[] right(String name, double[] v) {
    double[] product = heap.doubles(Math.toIntExact(base.shape(name).get(0)));
    rows(
        name,
        (row, piece, at) -> {
          double sum = 0;
          for (int j = 0; j < v.length; j++) {
            sum += v[j] * piece[at + j];
          }
          product[(int) row] = sum;
        });
    heap.release(8L * product.length);
    return product;
  }

  /** All of a vector {@code [D]}. */
  public float[] vector(String name) {
    float[] all = new float[Math.toIntExact(base.shape(name).get(0))];
    base.read(name, 0, all, all.length);
    return all;
  }

  private int columns(String name) {
    return Math.toIntExact(base.shape(name).get(1));
  }

  @FunctionalInterface
  private interface Row {
    void at(long row, float[] piece, int from);
  }

  private void rows(String name, Row each) {
    List<Long> shape = base.shape(name);
    int width = columns(name);
    int step = (int) Math.min(shape.get(0), Math.max(1, PIECE / width));
    float[] piece = heap.floats(Math.multiplyExact(step, width));
    for (long row = 0; row < shape.get(0); row += step) {
      int count = (int) Math.min(step, shape.get(0) - row);
      base.read(name, row * width, piece, count * width);
      for (int i = 0; i < count; i++) {
        each.at(row + i, piece, i * width);
      }
    }
    heap.release(4L * piece.length);
  }
}
