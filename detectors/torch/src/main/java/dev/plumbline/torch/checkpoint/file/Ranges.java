package dev.plumbline.torch.checkpoint.file;

import java.nio.file.Path;
import java.util.List;

/** Checks of a tensor's place and size that both formats share. */
final class Ranges {
  static final String FETCH = "The file is truncated or damaged: fetch or write it again.";

  private Ranges() {}

  /** Refuses a range that does not lie between {@code dataStart} and the end of the file. */
  static void within(MappedFile file, String where, long dataStart, long begin, long length) {
    long room = file.size() - dataStart;
    if (begin < 0 || length < 0 || begin > room || length > room - begin) {
      throw new BadFileException(
          file.path(),
          where,
          "a range inside the "
              + Math.max(0, room)
              + " bytes of data from offset "
              + dataStart
              + " on",
          length + " bytes from " + begin,
          FETCH);
    }
  }

  /**
   * The table entry, refusing shapes that overflow, do not fill blocks or do not fit the length.
   */
  static TensorInfo info(
      Path file, String name, TensorType type, List<Long> shape, long offset, long bytes) {
    try {
      return new TensorInfo(name, type, shape, file, offset, bytes);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new BadFileException(
          file,
          "tensor " + name,
          "as many bytes as " + type + " " + shape + " takes",
          bytes + " (" + e.getMessage() + ")",
          FETCH,
          e);
    }
  }

  /** How many bytes a tensor of that type and shape takes, refusing those that cannot exist. */
  static long bytes(Path file, String where, TensorType type, List<Long> shape) {
    try {
      return type.bytes(TensorInfo.product(shape));
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new BadFileException(
          file,
          where,
          "a shape that " + type + " can have",
          shape + " (" + e.getMessage() + ")",
          FETCH,
          e);
    }
  }
}
