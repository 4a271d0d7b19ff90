package dev.plumbline.agent.proxy;

import dev.plumbline.core.score.UnscoredReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A body without its content encoding.
 *
 * @param bytes empty after a failure
 * @param failure why it could not be decoded
 */
record Decoded(byte[] bytes, Optional<UnscoredReason> failure) {
  /** Undoes {@code gzip} and {@code identity}; a bound on the result stops decompression bombs. */
  static Decoded of(byte[] body, String encoding, int bound) {
    if (encoding.isEmpty() || encoding.equalsIgnoreCase("identity")) {
      return new Decoded(body, Optional.empty());
    }
    return encoding.equalsIgnoreCase("gzip")
        ? gunzip(body, bound)
        : failed(UnscoredReason.UNPARSEABLE);
  }

  private static Decoded gunzip(byte[] body, int bound) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] bytes = in.readNBytes(bound);
      return in.read() < 0 ? new Decoded(bytes, Optional.empty()) : failed(UnscoredReason.TOO_LONG);
    } catch (IOException e) {
      return failed(UnscoredReason.UNPARSEABLE);
    }
  }

  private static Decoded failed(UnscoredReason reason) {
    return new Decoded(new byte[0], Optional.of(reason));
  }
}
