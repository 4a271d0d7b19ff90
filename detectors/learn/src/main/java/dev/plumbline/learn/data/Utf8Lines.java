package dev.plumbline.learn.data;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The lines of a file of any size, one in memory at a time: what is longer than it may be, and what
 * is no UTF-8 (or holds a NUL, as UTF-16 without a mark does), is an error that names the very
 * line. A byte-order mark and carriage returns before a line's end are dropped.
 *
 * <p>Closed by its maker; one thread.
 */
public final class Utf8Lines implements AutoCloseable {
  private static final int BLOCK = 1 << 16;
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final Path file;
  private final int longest;
  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private int from;
  private int to;
  private int number;

  /**
   * Opens a file.
   *
   * @param longest bytes of a line, without its end
   * @throws BadFileException if it cannot be opened
   */
  public Utf8Lines(Path file, int longest) {
    this.file = file;
    this.longest = longest;
    try {
      this.in = Files.newInputStream(file);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The number of the line that was read last, from 1; 0 before the first. */
  public int number() {
    return number;
  }

  /**
   * The next line without its end; null behind the last.
   *
   * @throws BadFileException if it is not as above
   */
  public String next() {
    byte[] line = new byte[0];
    boolean any = false;
    while (fill()) {
      any = true;
      int end = from;
      while (end < to && block[end] != '\n') {
        end++;
      }
      line = joined(line, end);
      from = Math.min(to, end + 1);
      if (end < to) {
        break;
      }
    }
    if (!any) {
      return null;
    }
    number++;
    return text(line);
  }

  private boolean fill() {
    try {
      if (from == to) {
        from = 0;
        to = Math.max(0, in.read(block));
      }
      return to > from;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private byte[] joined(byte[] line, int end) {
    if ((long) line.length + end - from > longest) {
      throw new BadFileException(
          file,
          "line " + (number + 1) + ", the line",
          longest + " bytes or fewer",
          "more",
          "Split the line.");
    }
    byte[] all = Arrays.copyOf(line, line.length + end - from);
    System.arraycopy(block, from, all, line.length, end - from);
    return all;
  }

  private String text(byte[] line) {
    int start = number == 1 && startsWithMark(line) ? MARK.length : 0;
    int end = line.length > start && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line, start, end - start);
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException e) {
      throw wrong(e.getMessage());
    }
    throw wrong("a NUL");
  }

  private static boolean startsWithMark(byte[] line) {
    return line.length >= MARK.length && Arrays.equals(line, 0, MARK.length, MARK, 0, MARK.length);
  }

  private BadFileException wrong(String found) {
    return new BadFileException(
        file, "line " + number, "text in UTF-8", found, "Save the file as UTF-8.");
  }

  private BadFileException unreadable(IOException e) {
    return new BadFileException(
        file, "line " + (number + 1), "a readable file", e.toString(), "Check its path.", e);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
