package dev.plumbline.export.checkpoint;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.base.Products;
import dev.plumbline.export.base.Role;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A base's tensors with {@code α} of a direction taken out of those that write to the residual
 * stream: {@code W − α d (dᵀW)}, {@code E − α (E d) dᵀ}, {@code b − α (b·d) d} (Arditi et al.
 * 2024). Piece by piece.
 */
final class Orthogonalised {
  private final Base base;
  private final Products products;
  private final HeapMeter heap;
  private final double[] d;
  private final ToDoubleFunction<TapPoint> strength;

  Orthogonalised(
      Base base, HeapMeter heap, Direction direction, ToDoubleFunction<TapPoint> strength) {
    this.base = base;
    this.products = new Products(base, heap);
    this.heap = heap;
    this.d = direction.exact();
    this.strength = strength;
  }

  /** The changed tensor; empty where it stays as it is. */
  Optional<SafetensorsWriter.Pieces> of(String name, Role role) {
    if (role instanceof Role.Embedding) {
      double alpha = alpha(TapPoint.EMBED);
      return alpha == 0 ? Optional.empty() : Optional.of(new Rows(name, alpha));
    }
    if (role instanceof Role.Writer writer) {
      double alpha = alpha(writer.point());
      return alpha == 0 ? Optional.empty() : Optional.of(new Columns(name, alpha));
    }
    if (role instanceof Role.WriterBias bias) {
      double alpha = alpha(bias.point());
      return alpha == 0 ? Optional.empty() : Optional.of(new Rows(name, alpha));
    }
    return Optional.empty();
  }

  private double alpha(TapPoint point) {
    double alpha = strength.applyAsDouble(point);
    if (!(alpha >= 0 && alpha <= 2)) {
      throw new IllegalArgumentException(
          "strength at "
              + point
              + ": wanted a number from 0 to 2, found "
              + alpha
              + "; correct it");
    }
    return alpha;
  }

  /**
   * Each row a vector of the stream: an embedding's, or a bias as its only one. Pieces may begin
   * and end inside a row, so the row's projection is kept from piece to piece.
   */
  private final class Rows implements SafetensorsWriter.Pieces {
    private final String name;
    private final double alpha;
    private final float[] row = new float[d.length];
    private long rowAt = -1;
    private double projection;

    Rows(String name, double alpha) {
      this.name = name;
      this.alpha = alpha;
    }

    @Override
    public void read(long fromElement, float[] into, int count) {
      heap.hold(4L * (into.length + row.length));
      base.read(name, fromElement, into, count);
      for (int i = 0; i < count; i++) {
        long element = fromElement + i;
        if (element / d.length != rowAt) {
          rowAt = element / d.length;
          projection = project();
        }
        into[i] -= (float) (alpha * projection * d[(int) (element % d.length)]);
      }
      heap.release(4L * (into.length + row.length));
    }

    private double project() {
      base.read(name, rowAt * d.length, row, row.length);
      double sum = 0;
      for (int i = 0; i < row.length; i++) {
        sum += d[i] * row[i];
      }
      return sum;
    }
  }

  /** Each column a vector of the stream. */
  private final class Columns implements SafetensorsWriter.Pieces {
    private final String name;
    private final double alpha;
    private double[] left;

    Columns(String name, double alpha) {
      this.name = name;
      this.alpha = alpha;
    }

    @Override
    public void read(long fromElement, float[] into, int count) {
      if (left == null) {
        left = products.left(name, d);
      }
      long bytes = 4L * into.length + 8L * left.length;
      heap.hold(bytes);
      base.read(name, fromElement, into, count);
      int width = left.length;
      for (int i = 0; i < count; i++) {
        long element = fromElement + i;
        into[i] -= (float) (alpha * d[(int) (element / width)] * left[(int) (element % width)]);
      }
      heap.release(bytes);
      if (fromElement + count == (long) d.length * width) {
        left = null;
      }
    }
  }
}
