package dev.plumbline.agent.proxy;

import dev.plumbline.agent.wire.CallPeek;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.dialect.Call;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * A request's body as the client sent it, and its content coding (RFC 9110, section 8.4).
 *
 * <p>Bytes that are a JSON object as they are count as that, whatever the header says: many model
 * servers never look at the header, and a client must not get past the score by naming a coding
 * that it does not use. No coded body begins as a JSON object does.
 *
 * @param bytes not changed
 * @param encoding the {@code Content-Encoding}, all of its lines; empty for none
 */
record RequestBody(byte[] bytes, String encoding) {
  /** A longer coded body is decoded on a scoring thread only, not on an event loop. */
  static final int MOST_CODED = 64 << 10;

  /** What a coded body may become on an event loop. */
  static final int MOST_DECODED = 256 << 10;

  /** What the headers of a request say, several lines as one. */
  static String encoding(MultiMap headers) {
    return String.join(",", headers.getAll("content-encoding")).trim();
  }

  /** Whether the header names a coding. */
  boolean coded() {
    return coded(encoding);
  }

  static boolean coded(String encoding) {
    return !encoding.isEmpty() && !encoding.equalsIgnoreCase(ContentCoding.IDENTITY.header());
  }

  /** What it asks, understood; or why it cannot be. Takes as long as the body is: no event loop. */
  Asked asked(Route route, int bound) {
    Optional<Call> plain = Call.of(route, bytes);
    if (plain.isPresent() || !coded()) {
      return new Asked(plain, Optional.empty());
    }
    Decoded decoded = Decoded.of(bytes, encoding, bound, true);
    return decoded.failure().isPresent()
        ? new Asked(Optional.empty(), decoded.failure())
        : new Asked(Call.of(route, decoded.bytes()), Optional.empty());
  }

  /**
   * @param call absent where it is of no known dialect
   * @param failure why it could not be decoded
   */
  record Asked(Optional<Call> call, Optional<UnscoredReason> failure) {}

  /** Without its coding, where that is little work. */
  Optional<byte[]> small() {
    if (!coded() || begunAsJson()) {
      return Optional.of(bytes);
    }
    if (bytes.length > MOST_CODED) {
      return Optional.empty();
    }
    Decoded decoded = Decoded.of(bytes, encoding, MOST_DECODED, true);
    return decoded.failure().isPresent() ? Optional.empty() : Optional.of(decoded.bytes());
  }

  private boolean begunAsJson() {
    int at = 0;
    while (at < bytes.length && " \t\r\n".indexOf(bytes[at]) >= 0) {
      at++;
    }
    return at < bytes.length && bytes[at] == '{' && CallPeek.model(bytes).isPresent();
  }
}
