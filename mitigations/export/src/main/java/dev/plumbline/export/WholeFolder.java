package dev.plumbline.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** A folder that is filled beside its place and moved there when it is whole, or not at all. */
public final class WholeFolder implements AutoCloseable {
  private final Path place;
  private final Path part;

  /**
   * Makes room for a new folder.
   *
   * @throws IllegalArgumentException if there is something already
   */
  public WholeFolder(Path place) {
    this.place = place.toAbsolutePath().normalize();
    requireNew(this.place);
    this.part =
        this.place.resolveSibling(
            "." + this.place.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(part);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write beside " + place, e);
    }
  }

  /** Refuses a place where something is. */
  public static void requireNew(Path place) {
    if (Files.exists(place)) {
      throw new IllegalArgumentException(
          "--out: wanted a folder that is not there yet, found "
              + place
              + "; name another, or take this one away first");
    }
  }

  /** What is being filled. */
  public Path part() {
    return part;
  }

  /** Moves it into place. */
  public void commit() {
    try {
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("could not put " + place + " in its place", e);
    }
  }

  /** Takes away what was not committed. */
  @Override
  public void close() {
    if (!Files.exists(part)) {
      return;
    }
    try (Stream<Path> files = Files.walk(part)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not take away " + part, e);
    }
  }
}
