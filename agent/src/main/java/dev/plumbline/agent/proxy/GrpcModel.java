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

  private static final int DECODED = 4 << 20;

  private final Buffer beginning = Buffer.buffer();

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
    Decoded decoded = Decoded.of(message, encoding == null ? "" : encoding, DECODED, false);
    return decoded.failure().isEmpty() ? Optional.of(decoded.bytes()) : Optional.empty();
  }
}
