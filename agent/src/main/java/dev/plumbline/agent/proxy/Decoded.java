package dev.plumbline.agent.proxy;

import dev.plumbline.core.score.UnscoredReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * A body without its content coding.
 *
 * @param bytes empty after a failure
 * @param failure why it could not be decoded
 */
record Decoded(byte[] bytes, Optional<UnscoredReason> failure) {
  private static final int STEP = 8 << 10;

  /** What a decoder loses when it meets the end within a step, so small for bodies that are cut. */
  private static final int CUT_STEP = 16;

  /**
   * Undoes a content coding.
   *
   * @param bound the most bytes the result may have, which stops decompression bombs
   * @param whole false: the body was cut, and what can be decoded before the cut is wanted
   */
  static Decoded of(byte[] body, String encoding, int bound, boolean whole) {
    Optional<ContentCoding> coding = ContentCoding.of(encoding);
    if (coding.isEmpty()) {
      return failed(UnscoredReason.UNPARSEABLE);
    }
    return coding.get() == ContentCoding.IDENTITY
        ? new Decoded(body, Optional.empty())
        : decode(coding.get(), body, bound, whole);
  }

  /**
   * The beginning of a body without its content coding: as much as can be decoded of what is there,
   * up to a bound, past which nothing is unpacked. Quick where the bound is small.
   *
   * @return empty for a coding that is not known, and for what is in no coding
   */
  static byte[] beginning(byte[] body, String encoding, int bound) {
    byte[] out = new byte[bound];
    int size = 0;
    Optional<ContentCoding> coding =
        ContentCoding.of(encoding).filter(any -> any != ContentCoding.IDENTITY);
    if (coding.isPresent()) {
      try (InputStream in = coding.get().open(new ByteArrayInputStream(body))) {
        for (int n = 0; n >= 0 && size < bound; size += Math.max(0, n)) {
          n = in.read(out, size, Math.min(CUT_STEP, bound - size));
        }
      } catch (IOException | RuntimeException cut) {
        // What was decoded before it is what is wanted.
      }
    }
    return Arrays.copyOf(out, size);
  }

  private static Decoded decode(ContentCoding coding, byte[] body, int bound, boolean whole) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] step = new byte[whole ? STEP : CUT_STEP];
    byte[] coded = whole || coding != ContentCoding.ZSTD ? body : CutZstd.close(body);
    try (InputStream in = coding.open(new ByteArrayInputStream(coded))) {
      for (int n = in.read(step); n >= 0; n = in.read(step)) {
        if (out.size() + n > bound) {
          return failed(UnscoredReason.TOO_LONG);
        }
        out.write(step, 0, n);
      }
    } catch (IOException | RuntimeException broken) {
      return whole ? failed(UnscoredReason.UNPARSEABLE) : decoded(out);
    }
    return decoded(out);
  }

  private static Decoded decoded(ByteArrayOutputStream out) {
    return new Decoded(out.toByteArray(), Optional.empty());
  }

  private static Decoded failed(UnscoredReason reason) {
    return new Decoded(new byte[0], Optional.of(reason));
  }
}
