package dev.plumbline.agent.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;

/**
 * Holds back the last piece of a body of told length, so that it leaves together with the body's
 * end: one write instead of two. Nothing is delayed: over HTTP/1 the end is known with the last
 * byte and told in the same turn of the event loop. Other bodies have no last piece here.
 */
final class LastPiece {
  private static final long UNKNOWN = -1;

  private long left;
  private Buffer held;

  /**
   * @param version of the side the body comes from
   * @param headers of what goes on
   */
  LastPiece(HttpVersion version, MultiMap headers) {
    String length = version == HttpVersion.HTTP_2 ? null : headers.get("content-length");
    this.left = length == null ? UNKNOWN : parse(length);
  }

  private static long parse(String length) {
    try {
      return Long.parseLong(length);
    } catch (NumberFormatException e) {
      return UNKNOWN;
    }
  }

  /** Whether this piece is the last, and kept. */
  boolean holds(Buffer piece) {
    if (left <= 0) {
      return false;
    }
    left -= piece.length();
    if (left == 0) {
      held = piece;
    }
    return left == 0;
  }

  /** What was held back. */
  Optional<Buffer> held() {
    return Optional.ofNullable(held);
  }
}
