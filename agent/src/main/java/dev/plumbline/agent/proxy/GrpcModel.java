package dev.plumbline.agent.proxy;

import dev.plumbline.agent.wire.oip.GrpcPeek;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;

/** The model that the first message of a gRPC request names, found in its beginning. */
final class GrpcModel {
  private static final int PREFIX = 5;

  /** Names come first, as every library writes them; one that comes later is not known. */
  private static final int BEGINNING = 4 << 10;

  private final Buffer beginning = Buffer.buffer();
  private int looked;

  void request(Buffer chunk) {
    int room = BEGINNING - beginning.length();
    if (room > 0) {
      beginning.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
    }
  }

  /** Whether what comes would tell no more: the first message is there, or what is looked at. */
  boolean full() {
    int length = beginning.length();
    return length >= BEGINNING
        || (length >= PREFIX && length - PREFIX >= beginning.getUnsignedInt(1));
  }

  /**
   * Whether the name is known, or never will be. Unpacking is not free, and a client may send byte
   * by byte: what is compressed is looked at again only when there is twice as much of it.
   *
   * @param encoding of compressed messages, may be null
   */
  boolean decided(String encoding) {
    if (full()) {
      return true;
    }
    int length = beginning.length();
    boolean compressed = length > 0 && beginning.getByte(0) != 0;
    if (compressed && length < 2 * looked) {
      return false;
    }
    looked = length;
    return name(encoding).isPresent();
  }

  /**
   * The name; empty where it does not stand in the beginning.
   *
   * @param encoding of compressed messages, may be null
   */
  Optional<String> name(String encoding) {
    return message(encoding).flatMap(GrpcPeek::model);
  }

  /** As much of the first message as there is. */
  Optional<byte[]> message(String encoding) {
    if (beginning.length() < PREFIX) {
      return Optional.empty();
    }
    byte[] bytes = beginning.getBytes(PREFIX, beginning.length());
    long length = beginning.getUnsignedInt(1);
    byte[] message = length < bytes.length ? Arrays.copyOf(bytes, (int) length) : bytes;
    if (beginning.getByte(0) == 0) {
      return Optional.of(message);
    }
    byte[] decoded = Decoded.beginning(message, encoding == null ? "" : encoding, BEGINNING);
    return decoded.length == 0 ? Optional.empty() : Optional.of(decoded);
  }
}
