package dev.plumbline.torch.checkpoint.file;

import java.nio.file.Path;

/**
 * A file that cannot be used as it is: truncated, malformed, hostile, or asking for something this
 * runtime does not do.
 *
 * <p>The message has four parts: the file and the place in it (a byte offset or a key), what was
 * wanted, what was found, and what to do. It is the only exception the readers of this package
 * throw for what a file contains.
 */
public final class BadFileException extends RuntimeException {
  private static final int LONGEST_FOUND = 8192;

  private final Path file;
  private final String where;

  /**
   * @param file the file that was read
   * @param where the offset or key, such as {@code offset 8} or {@code tensor lm_head.weight}
   * @param wanted what a good file has there
   * @param found what this one has there; cut to 8192 characters
   * @param remedy what the reader of the message can do
   */
  public BadFileException(Path file, String where, String wanted, String found, String remedy) {
    super(file + ", " + where + ": wanted " + wanted + ", found " + cut(found) + ". " + remedy);
    this.file = file;
    this.where = where;
  }

  /** The same, keeping the exception that revealed it. */
  public BadFileException(
      Path file, String where, String wanted, String found, String remedy, Throwable cause) {
    this(file, where, wanted, found, remedy);
    initCause(cause);
  }

  /** The file that was read. */
  public Path file() {
    return file;
  }

  /** The byte offset or key the message speaks of. */
  public String where() {
    return where;
  }

  private static String cut(String found) {
    return found.length() <= LONGEST_FOUND ? found : found.substring(0, LONGEST_FOUND) + "…";
  }
}
