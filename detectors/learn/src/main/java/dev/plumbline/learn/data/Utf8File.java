package dev.plumbline.learn.data;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text file that is UTF-8 and says so by decoding: the first byte that is not, or a NUL (UTF-16
 * without a mark), is an error that names its line. A byte-order mark is dropped.
 */
public final class Utf8File {
  private static final long LARGEST = 256L << 20;

  private Utf8File() {}

  /**
   * Reads a whole file of at most 256 MiB.
   *
   * @throws BadFileException if it is not one, or cannot be read
   */
  public static String read(Path file) {
    try {
      long size = Files.size(file);
      if (size > LARGEST) {
        throw new BadFileException(
            file, "the file", "256 MiB or less", size + " bytes", "Split it.");
      }
      return decode(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new BadFileException(
          file, "the file", "a readable file", e.toString(), "Check its path.", e);
    }
  }

  private static String decode(Path file, byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw wrong(file, bytes, in.position());
    }
    String text = out.flip().toString();
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw wrong(file, bytes, text.substring(0, nul).getBytes(StandardCharsets.UTF_8).length);
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static BadFileException wrong(Path file, byte[] bytes, int at) {
    int line = 1;
    for (int i = 0; i < at; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return new BadFileException(
        file,
        "line " + line + " (byte " + at + ")",
        "text in UTF-8",
        String.format("byte 0x%02x", bytes[at] & 0xff),
        "Save the file as UTF-8.");
  }
}
