package dev.plumbline.export.cli;

import dev.plumbline.core.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a command that writes a whole model asks for before it begins. */
final class Room {
  private static final long SPARE = 64L << 20;

  private Room() {}

  /** Refuses a model that is no folder. */
  static void requireFolder(Path model) {
    Check.that(
        Files.isDirectory(model),
        "--model",
        "a Hugging Face folder, whose types and shards can be kept",
        model,
        "use the folder this file was made from; for a GGUF file export an adapter");
  }

  /** Refuses a place without room; makes the folders above it. */
  static void require(Path out, long bytes) {
    Path parent = out.toAbsolutePath().normalize().getParent();
    try {
      Files.createDirectories(parent);
      long free = Files.getFileStore(parent).getUsableSpace();
      Check.that(
          free > bytes + SPARE,
          "--out " + out,
          "room for " + bytes + " bytes",
          free + " free",
          "make room, or name a folder elsewhere");
    } catch (IOException e) {
      throw new UncheckedIOException("could not look at " + parent, e);
    }
  }
}
