package dev.plumbline.agent.wire.oip;

import java.util.Arrays;
import java.util.List;

/**
 * Sizes of a tensor's dimensions, outermost first. A claim until a tensor was built with it:
 * nothing is ever allocated from a shape alone.
 *
 * @param sizes each at least 0
 */
public record Shape(List<Long> sizes) {
  private static final int MOST_DIMENSIONS = 16;

  public Shape {
    sizes = List.copyOf(sizes);
    if (sizes.size() > MOST_DIMENSIONS || sizes.stream().anyMatch(size -> size < 0)) {
      throw OipException.invalid(
          "shape",
          "at most " + MOST_DIMENSIONS + " sizes of 0 or above",
          sizes.size() > MOST_DIMENSIONS ? sizes.size() + " sizes" : sizes,
          "correct it");
    }
  }

  public static Shape of(long... sizes) {
    return new Shape(Arrays.stream(sizes).boxed().toList());
  }

  public int rank() {
    return sizes.size();
  }

  /** The size of a dimension, from 0. */
  public long size(int dimension) {
    return sizes.get(dimension);
  }

  /**
   * Elements, 1 without dimensions.
   *
   * @throws OipException when a long cannot hold their number
   */
  public long elements() {
    if (sizes.contains(0L)) {
      return 0;
    }
    try {
      return sizes.stream().reduce(1L, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw OipException.invalid("shape", "fewer elements", sizes, "correct it");
    }
  }

  @Override
  public String toString() {
    return sizes.toString();
  }
}
