package dev.plumbline.agent.config;

import dev.plumbline.core.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A file that holds one secret token of {@value #SHORTEST} to {@value #LONGEST} printable ASCII
 * characters, white space around it apart. Others than its owner and group must not be able to read
 * it. Its content is never part of a message.
 */
public final class TokenFile {
  /** Of a token; 32 hexadecimal digits are 128 bits. */
  static final int SHORTEST = 32;

  static final int LONGEST = 512;
  private static final int SIZE_LIMIT = 4096;

  private TokenFile() {}

  /**
   * The token.
   *
   * @throws IllegalArgumentException if the file is not as above
   */
  public static String read(Path file) {
    try {
      Check.that(
          Files.isRegularFile(file) && Files.size(file) <= SIZE_LIMIT,
          "token file " + file,
          "a small file",
          "none",
          "write a token into it");
      requirePrivate(file);
      String token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      Check.that(
          token.length() >= SHORTEST
              && token.length() <= LONGEST
              && token.chars().allMatch(c -> c > ' ' && c < 127),
          "token file " + file,
          SHORTEST + " to " + LONGEST + " printable characters",
          token.length() + " characters, or others",
          "make one with: openssl rand -hex 32");
      return token;
    } catch (IOException e) {
      throw new UncheckedIOException("token file " + file + ": cannot be read", e);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
    Check.that(
        !granted.contains(PosixFilePermission.OTHERS_READ)
            && !granted.contains(PosixFilePermission.OTHERS_WRITE)
            && !granted.contains(PosixFilePermission.GROUP_WRITE),
        "token file " + file,
        "one that others cannot read",
        "one they can",
        "chmod 600 it; of a Kubernetes Secret set defaultMode: 0440");
  }
}
