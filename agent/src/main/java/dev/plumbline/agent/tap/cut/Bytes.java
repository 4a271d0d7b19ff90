package dev.plumbline.agent.tap.cut;

import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * A growing run of bytes. {@code ByteArrayOutputStream} locks for each one, which is most of what a
 * scanner byte by byte then does. Not thread-safe.
 */
public final class Bytes {
  private byte[] bytes;
  private int size;

  public Bytes() {
    this(64);
  }

  /**
   * @param room to begin with
   */
  public Bytes(int room) {
    this.bytes = new byte[Math.max(1, room)];
  }

  public int size() {
    return size;
  }

  public void reset() {
    size = 0;
  }

  public void write(int b) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) b;
  }

  /** Appends; read, not kept. */
  public void write(byte[] from, int at, int length) {
    if (length > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * size, Math.addExact(size, length)));
    }
    System.arraycopy(from, at, bytes, size, length);
    size += length;
  }

  /** Appends all; read, not kept. */
  public void write(Bytes from) {
    write(from.bytes, 0, from.size);
  }

  /** A copy. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  public String toString(Charset charset) {
    return new String(bytes, 0, size, charset);
  }
}
