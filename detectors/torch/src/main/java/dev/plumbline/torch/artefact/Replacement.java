package dev.plumbline.torch.artefact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** Puts a folder in its place only when it is whole. */
final class Replacement {
  /** What fills the new folder. */
  @FunctionalInterface
  interface Filler {
    void fill(Path part) throws IOException;
  }

  private Replacement() {}

  /** Refuses to replace what is not an artefact, so that a slip costs no one a directory. */
  static void require(Path folder) {
    Path name = folder.getFileName();
    if (name == null || !name.toString().endsWith(ArtefactFolder.SUFFIX)) {
      throw new IllegalArgumentException(
          "artefact folder: wanted a name that ends in "
              + ArtefactFolder.SUFFIX
              + ", found "
              + folder
              + "; rename it");
    }
    if (Files.exists(folder) && !Files.exists(folder.resolve(ArtefactFolder.JSON))) {
      throw new IllegalArgumentException(
          "artefact folder: wanted a new name or an artefact to replace, found "
              + folder
              + " without "
              + ArtefactFolder.JSON
              + "; choose another name");
    }
  }

  static void write(Path folder, Filler filler) {
    Path parent = folder.toAbsolutePath().getParent();
    String hidden = "." + folder.getFileName() + "." + UUID.randomUUID();
    Path part = parent.resolve(hidden + ".part");
    Path old = parent.resolve(hidden + ".old");
    try {
      Files.createDirectories(part);
      try {
        filler.fill(part);
        force(part);
        swap(part, folder, old);
      } finally {
        delete(part);
        delete(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + folder, e);
    }
  }

  private static void swap(Path part, Path folder, Path old) throws IOException {
    boolean replaced = Files.exists(folder);
    if (replaced) {
      Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (replaced) {
        Files.move(old, folder, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
  }

  /** The tensors force themselves. */
  private static void force(Path part) throws IOException {
    Path json = part.resolve(ArtefactFolder.JSON);
    try (FileChannel channel = FileChannel.open(json, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
