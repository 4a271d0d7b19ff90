package dev.plumbline.learn.organism.world;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Random;

/**
 * Independent random sources from one seed, by purpose: a stage that draws more numbers moves no
 * other. {@link Random}, because its numbers are specified and the same on every JDK.
 */
public final class Seeds {
  private Seeds() {}

  /** The source for one purpose; not for several threads. */
  public static Random random(long seed, String purpose) {
    return new Random(of(seed, purpose));
  }

  /** The first eight bytes of SHA-256 of {@code seed/purpose}. */
  public static long of(long seed, String purpose) {
    try {
      byte[] text = (seed + "/" + purpose).getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** One of a list. */
  static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
