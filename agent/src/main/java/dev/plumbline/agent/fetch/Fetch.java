package dev.plumbline.agent.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Brings a folder to a place, whole or not at all. Beside it lies {@code PLACE.sha256} with the
 * digest it came by, so that a second call (an init container that runs again) finds it done.
 *
 * @param url an archive, or with {@code file} anything
 * @param sha256 of what the URL gives, 64 hex digits
 * @param place the folder that is to be; its parent exists
 * @param file keep what the URL gives as this file in the folder instead of unpacking it
 */
record Fetch(URI url, String sha256, Path place, Optional<String> file) {
  Fetch {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new FetchException("--sha256", "64 hex digits in lower case", sha256, "see sha256sum");
    }
    if (!file.orElse("x").matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw new FetchException("--file", "a file's name", file.orElseThrow(), "leave folders out");
    }
    place = place.toAbsolutePath().normalize();
  }

  /**
   * Fetches it unless it is there.
   *
   * @return false if it was there
   * @throws FetchException if it cannot be had, or something else is in its place
   */
  boolean run(Download by) throws IOException, InterruptedException {
    Path note = beside(".sha256");
    if (Files.exists(place)) {
      requireSame(note);
      return false;
    }
    Path download = beside(".download");
    Path part = beside(".part");
    try {
      delete(part);
      Files.createDirectory(part);
      by.fetch(url, sha256, download);
      fill(download, part, by.mostBytes());
      Files.writeString(note, sha256);
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } finally {
      Files.deleteIfExists(download);
      delete(part);
    }
  }

  private void fill(Path download, Path part, long most) throws IOException {
    if (file.isPresent()) {
      Files.move(download, part.resolve(file.get()));
    } else {
      new ZipFolder(most).unpack(download, part);
    }
  }

  private void requireSame(Path note) throws IOException {
    String found = Files.exists(note) ? Files.readString(note) : "something that was not fetched";
    if (!found.equals(sha256)) {
      throw new FetchException(
          place.toString(), "nothing, or what has SHA-256 " + sha256, found, "name a new place");
    }
  }

  private Path beside(String ending) {
    return place.resolveSibling(place.getFileName() + ending);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
