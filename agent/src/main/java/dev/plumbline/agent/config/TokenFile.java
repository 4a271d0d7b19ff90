package dev.plumbline.agent.config;

import dev.plumbline.core.Check;
import dev.plumbline.core.sign.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

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
      PrivateFiles.require("token file", file);
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
}
