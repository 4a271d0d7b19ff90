package dev.plumbline.agent.tap.vllm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The directory that vLLM writes to and the agent reads and deletes from. Nothing outside it is
 * ever touched: a file is named by its last segment only, and links are not followed. Thread-safe.
 */
final class StatesFolder {
  private static final String SUFFIX = ".safetensors";
  private static final String LOCK = ".lock";

  /** What vLLM's connector names its files; nothing else is ever swept. */
  private static final Pattern OURS =
      Pattern.compile("(\\d+_)?(chatcmpl|cmpl)-.*\\.safetensors(\\.lock)?");

  private final Path directory;
  private final Path asServed;

  /**
   * @param directory as this process sees it
   * @param asServed as the server sees it and writes it into its answers
   */
  StatesFolder(Path directory, Path asServed) {
    this.directory = directory.toAbsolutePath().normalize();
    this.asServed = asServed.normalize();
  }

  Path directory() {
    return directory;
  }

  /**
   * A look at a file that is perhaps still being written.
   *
   * @param complete its size is what its header says
   */
  record Look(boolean complete, long size, FileTime modified) {}

  /** The file of a path in an answer, if it lies directly in the directory. */
  Optional<String> nameOf(String served) {
    try {
      Path path = Path.of(served);
      Path parent = path.getParent();
      boolean inside = parent != null && (parent.equals(asServed) || parent.equals(directory));
      String name = String.valueOf(path.getFileName());
      return inside && name.endsWith(SUFFIX) ? Optional.of(name) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Whether a file that an answer named can be this exchange's. */
  static boolean isOf(String name, String exchangeId) {
    return Pattern.matches(".*[-_]" + Pattern.quote(exchangeId) + "[-.].*", name);
  }

  /** The pattern of the files of a request. */
  static Pattern filesOf(String exchangeId, boolean chat) {
    String index = chat ? "" : "(-\\d+)?";
    return Pattern.compile(
        "(\\d+_)?"
            + (chat ? "chatcmpl-" : "cmpl-")
            + Pattern.quote(exchangeId)
            + index
            + "(-[0-9a-f]{8})?"
            + Pattern.quote(SUFFIX));
  }

  /** Names that match. */
  List<String> names(Pattern pattern) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (pattern.matcher(name).matches()) {
          names.add(name);
        }
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    return names;
  }

  /** Whether the directory is there at all. */
  boolean there() {
    return Files.isDirectory(directory);
  }

  /** Whether its file system has no room left. */
  boolean full() {
    try {
      return Files.getFileStore(directory).getUsableSpace() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Looks at a file; empty when there is none. */
  Optional<Look> look(String name) throws IOException {
    Path file = directory.resolve(name);
    try {
      BasicFileAttributes seen =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      boolean complete = seen.isRegularFile() && sound(file);
      return Optional.of(new Look(complete, seen.size(), seen.lastModifiedTime()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static boolean sound(Path file) throws IOException {
    try (StatesFile open = StatesFile.open(file)) {
      return open.header().fileBytes() > 0;
    } catch (BadStates e) {
      return false;
    }
  }

  StatesFile open(String name) throws IOException, BadStates {
    return StatesFile.open(directory.resolve(name));
  }

  /** Deletes a file and its lock; a link is deleted, not what it leads to. */
  void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
    Files.deleteIfExists(directory.resolve(name + LOCK));
  }

  /**
   * Deletes files of vLLM's that nobody came for.
   *
   * @return how many
   */
  int sweep(Instant before) throws IOException {
    int swept = 0;
    for (String name : names(OURS)) {
      Path file = directory.resolve(name);
      FileTime modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
      if (modified.toInstant().isBefore(before) && Files.deleteIfExists(file)) {
        swept++;
      }
    }
    return swept;
  }
}
