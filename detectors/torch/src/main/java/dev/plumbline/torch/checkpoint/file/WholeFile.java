package dev.plumbline.torch.checkpoint.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file beside its place and moves it there when it is whole: whole or not at all. */
final class WholeFile {
  private WholeFile() {}

  /** What goes into the file, front to back. */
  @FunctionalInterface
  interface Body {
    void write(FileChannel out) throws IOException;
  }

  /**
   * @throws UncheckedIOException if writing fails; the target is then as it was, as it is when the
   *     body throws
   */
  static void write(Path target, Body body) {
    // Not createTempFile: its owner-only permissions would stay on the finished file.
    Path part =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try {
        writePart(part, body);
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + target, e);
    }
  }

  private static void writePart(Path part, Body body) throws IOException {
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      body.write(out);
      out.force(true);
    }
  }

  static void fully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
