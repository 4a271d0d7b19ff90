package dev.plumbline.torch.checkpoint.file;

import java.nio.ByteBuffer;

/** Reads a GGUF header front to back; every read is checked against the end of the file. */
final class GgufCursor {
  private static final int WINDOW = 1 << 20;
  private static final int LONGEST_TEXT = 16 << 20;

  private final MappedFile file;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowStart;
  private long textBudget = 256L << 20;

  GgufCursor(MappedFile file) {
    this.file = file;
  }

  long position() {
    return windowStart + window.position();
  }

  /** Bytes from here to the end of the file. */
  long remaining() {
    return file.size() - position();
  }

  long u64(String what) {
    return need(8, what).getLong();
  }

  int u32(String what) {
    return need(4, what).getInt();
  }

  short u16(String what) {
    return need(2, what).getShort();
  }

  byte u8(String what) {
    return need(1, what).get();
  }

  /** A length-prefixed UTF-8 text, its length checked before it is allocated. */
  String text(String what) {
    long at = position();
    long length = u64(what);
    long most = Math.min(remaining(), Math.min(LONGEST_TEXT, textBudget));
    if (length < 0 || length > most) {
      throw bad(at, what + " of at most " + most + " bytes", Long.toUnsignedString(length));
    }
    textBudget -= length;
    byte[] bytes = new byte[(int) length];
    for (int from = 0; from < bytes.length; ) {
      int now = Math.min(bytes.length - from, WINDOW);
      need(now, what).get(bytes, from, now);
      from += now;
    }
    return StrictJson.utf8(file.path(), "offset " + at + " (" + what + ")", bytes);
  }

  BadFileException bad(long at, String wanted, String found) {
    return new BadFileException(file.path(), "offset " + at, wanted, found, Ranges.FETCH);
  }

  private ByteBuffer need(int bytes, String what) {
    if (window.remaining() < bytes) {
      if (remaining() < bytes) {
        throw bad(
            position(), bytes + " bytes of " + what, remaining() + " before the end of the file");
      }
      windowStart = position();
      window = file.slice(windowStart, (int) Math.min(WINDOW, file.size() - windowStart));
    }
    return window;
  }
}
