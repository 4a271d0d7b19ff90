package dev.plumbline.learn.data;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The lines of a UTF-8 file of any length, one after the other: each is decoded by itself, so that
 * the first byte that is not UTF-8, or a NUL (UTF-16 without a mark), names its line. Lines end in
 * LF or CR LF; a byte-order mark is dropped. Memory is bounded by the longest line allowed.
 *
 * <p>One thread; closed by its maker.
 */
public final class Utf8Lines implements AutoCloseable {
  private static final int FIRST_ROOM = 1 << 12;

  private final Path file;
  private final int longest;
  private final InputStream in;
  private byte[] bytes = new byte[FIRST_ROOM];
  private int number;

  /**
   * Opens a file.
   *
   * @param longest the most bytes of a line
   * @throws BadFileException if it cannot be read
   */
  public Utf8Lines(Path file, int longest) {
    this.file = file;
    this.longest = longest;
    try {
      in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    } catch (IOException e) {
      throw new BadFileException(
          file, "the file", "a readable file", e.toString(), "Check its path.", e);
    }
  }

  /**
   * The next line without its end; empty after the last.
   *
   * @throws BadFileException if it is too long, not UTF-8, or cannot be read
   */
  public Optional<String> next() {
    try {
      int size = 0;
      int read = in.read();
      if (read < 0) {
        return Optional.empty();
      }
      number++;
      for (; read >= 0 && read != '\n'; read = in.read()) {
        if (size == longest) {
          throw bad("line " + number, longest + " bytes or fewer", "more", "Split the line.");
        }
        if (size == bytes.length) {
          bytes = Arrays.copyOf(bytes, (int) Math.min(longest, 2L * bytes.length));
        }
        bytes[size++] = (byte) read;
      }
      return Optional.of(decoded(size > 0 && bytes[size - 1] == '\r' ? size - 1 : size));
    } catch (IOException e) {
      throw new BadFileException(
          file, "line " + (number + 1), "a readable file", e.toString(), "Check the file.", e);
    }
  }

  /** Of the line last given, 1-based; 0 before the first. */
  public int number() {
    return number;
  }

  private String decoded(int size) {
    ByteBuffer line = ByteBuffer.wrap(bytes, 0, size);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(line).toString();
      int nul = text.indexOf('\0');
      if (nul >= 0) {
        throw wrong(text.substring(0, nul).getBytes(StandardCharsets.UTF_8).length);
      }
      return number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw wrong(line.position());
    }
  }

  private BadFileException wrong(int at) {
    return bad(
        "line " + number + " (byte " + at + " of it)",
        "text in UTF-8",
        String.format("byte 0x%02x", bytes[at] & 0xff),
        "Save the file as UTF-8.");
  }

  private BadFileException bad(String where, String wanted, String found, String remedy) {
    return new BadFileException(file, where, wanted, found, remedy);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new BadFileException(
          file, "line " + number, "a readable file", e.toString(), "Check the file.", e);
    }
  }
}
