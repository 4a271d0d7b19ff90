package dev.plumbline.learn.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Puts files and folders in their place only when they are whole and on the disk. */
public final class Whole {
  private Whole() {}

  /** Writes a file beside its place and moves it there, replacing what is there. */
  public static Path file(Path file, Consumer<Path> fill) {
    Path part = beside(file);
    try {
      Files.createDirectories(part.getParent());
      try {
        fill.accept(part);
        force(part);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file + ": " + e.getMessage(), e);
    }
  }

  /** The same for a text. */
  public static Path text(Path file, String text) {
    return file(
        file,
        part -> {
          try {
            Files.writeString(part, text);
          } catch (IOException e) {
            throw new UncheckedIOException("could not write " + file + ": " + e.getMessage(), e);
          }
        });
  }

  /** Fills a folder beside its place and moves it there; one that is there is left as it is. */
  public static Path folder(Path folder, Consumer<Path> fill) {
    if (Files.exists(folder)) {
      return folder;
    }
    Path part = beside(folder);
    try {
      delete(part);
      Files.createDirectories(part);
      try {
        fill.accept(part);
        for (Path file : files(part)) {
          force(file);
        }
        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(part);
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + folder + ": " + e.getMessage(), e);
    }
  }

  private static Path beside(Path path) {
    Path whole = path.toAbsolutePath();
    return whole.resolveSibling("." + whole.getFileName() + ".part");
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
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
