package dev.plumbline.agent.wire.oip;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cuts a gRPC body into its length-prefixed messages: one byte of flags, a u32 length, big-endian,
 * and as many bytes. Bytes may come in any pieces. For one who only looks: what is no gRPC, or
 * longer than the bound, breaks the reading, for good, and never the stream. Memory grows with the
 * bytes that came, not with the length claimed. One thread at a time.
 */
public final class GrpcFrames {
  private static final int PREFIX = 5;

  private final int mostBytes;
  private final Consumer<Message> messages;
  private final byte[] prefix = new byte[PREFIX];
  private int prefixed;
  private byte[] body = new byte[0];
  private int wanted;
  private int filled;
  private String broken;
  private boolean tooLong;

  /**
   * A message.
   *
   * @param compressed in the coding the {@code grpc-encoding} header names
   * @param bytes handed over
   */
  public record Message(boolean compressed, byte[] bytes) {}

  /**
   * @param mostBytes of one message
   * @param messages told each whole message at once
   */
  public GrpcFrames(int mostBytes, Consumer<Message> messages) {
    this.mostBytes = mostBytes;
    this.messages = messages;
  }

  /** Takes the next bytes; read to their end, not kept. */
  public void take(ByteBuffer bytes) {
    while (broken == null && bytes.hasRemaining()) {
      if (prefixed < PREFIX) {
        prefix[prefixed++] = bytes.get();
        if (prefixed == PREFIX) {
          begin();
        }
      } else {
        fill(bytes);
      }
      deliver();
    }
  }

  /** Why reading ended early. */
  public Optional<String> broken() {
    return Optional.ofNullable(broken);
  }

  /** Whether it ended at a message over the bound. */
  public boolean tooLong() {
    return tooLong;
  }

  /** Whether the bytes so far end with a message. */
  public boolean whole() {
    return broken == null && prefixed == 0;
  }

  private void begin() {
    long length = ByteBuffer.wrap(prefix, 1, Integer.BYTES).getInt() & 0xffff_ffffL;
    if ((prefix[0] & ~1) != 0) {
      broken = "wanted a flag of 0 or 1, found " + (prefix[0] & 0xff);
    } else if (length > mostBytes) {
      tooLong = true;
      broken = "wanted at most " + mostBytes + " bytes a message, found " + length;
    } else {
      wanted = (int) length;
      filled = 0;
      body = new byte[Math.min(wanted, 1 << 12)];
    }
  }

  private void fill(ByteBuffer bytes) {
    int count = Math.min(bytes.remaining(), wanted - filled);
    if (filled + count > body.length) {
      int doubled = (int) Math.min(wanted, 2L * body.length);
      body = Arrays.copyOf(body, Math.max(doubled, filled + count));
    }
    bytes.get(body, filled, count);
    filled += count;
  }

  private void deliver() {
    if (broken == null && prefixed == PREFIX && filled == wanted) {
      prefixed = 0;
      byte[] message = body.length == wanted ? body : Arrays.copyOf(body, wanted);
      body = new byte[0];
      filled = 0;
      wanted = 0;
      messages.accept(new Message((prefix[0] & 1) != 0, message));
    }
  }
}
