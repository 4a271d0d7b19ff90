package dev.plumbline.torch.checkpoint.file;

import java.nio.ByteBuffer;

/** Where {@link GgufWriter} puts things, and whether a file has them there. */
public final class GgufLayout {
  private GgufLayout() {}

  static long aligned(long position, int alignment) {
    return Math.addExact(position, alignment - 1) / alignment * alignment;
  }

  /** Whether the last tensor, too, is padded to the alignment: most writers do. */
  static boolean isPaddedAtItsEnd(Gguf file) {
    return file.size() >= aligned(end(file), file.alignment());
  }

  /**
   * Refuses a file that could not be written again byte for byte: tensors out of order, gaps,
   * padding other than zeroes, something after the last tensor. ggml's own reader refuses most of
   * these.
   */
  public static void requireCanonical(Gguf file) {
    long at = file.start();
    zeroes(file, file.headerEnd(), Math.min(at, file.size()));
    for (String name : file.names()) {
      TensorInfo info = file.info(name);
      if (info.offset() != at) {
        throw bad(file, "tensor " + name, "its bytes at " + at, info.offset() + "");
      }
      at = aligned(at + info.bytes(), file.alignment());
      zeroes(file, info.offset() + info.bytes(), Math.min(at, file.size()));
    }
    long end = isPaddedAtItsEnd(file) ? aligned(end(file), file.alignment()) : end(file);
    if (file.size() != end) {
      throw bad(file, "its end", end + " bytes", file.size() + "");
    }
  }

  /** After the last byte that means something. */
  private static long end(Gguf file) {
    return file.names().stream()
        .map(file::info)
        .mapToLong(info -> info.offset() + info.bytes())
        .max()
        .orElse(file.headerEnd());
  }

  private static void zeroes(Gguf file, long from, long to) {
    ByteBuffer bytes = file.bytes(from, (int) (to - from));
    while (bytes.hasRemaining()) {
      if (bytes.get() != 0) {
        throw bad(file, "offset " + (from + bytes.position() - 1), "padding of zeroes", "another");
      }
    }
  }

  private static BadFileException bad(Gguf file, String where, String wanted, String found) {
    return new BadFileException(
        file.path(), where, wanted, found, "Write it again with ggml's tools.");
  }
}
