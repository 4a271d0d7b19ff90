package dev.plumbline.torch.checkpoint.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Where one tensor lies and what it looks like.
 *
 * @param name its name in the file
 * @param type how its numbers are stored
 * @param shape row-major, slowest first: a projection is {@code [out, in]}; GGUF's reversed order
 *     is already undone
 * @param file the file that holds it
 * @param offset bytes from the start of that file
 * @param bytes how many bytes it takes
 */
public record TensorInfo(
    String name, TensorType type, List<Long> shape, Path file, long offset, long bytes) {
  public TensorInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(file, "file");
    shape = List.copyOf(shape);
    if (offset < 0 || bytes < 0) {
      throw new IllegalArgumentException(
          "wanted an offset and a length of 0 or more, found " + offset + " and " + bytes);
    }
    if (type.bytes(product(shape)) != bytes) {
      throw new IllegalArgumentException(
          "wanted "
              + type.bytes(product(shape))
              + " bytes for "
              + type
              + shape
              + ", found "
              + bytes);
    }
  }

  /** How many numbers it holds. */
  public long elements() {
    return product(shape);
  }

  /** The shape for people, such as {@code [576, 1536]}. */
  public String shapeText() {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * The product of a shape; throws {@link ArithmeticException} when a {@code long} cannot hold it.
   */
  static long product(List<Long> shape) {
    long product = 1;
    for (long extent : shape) {
      if (extent < 0) {
        throw new ArithmeticException("negative extent " + extent);
      }
      product = Math.multiplyExact(product, extent);
    }
    return product;
  }
}
