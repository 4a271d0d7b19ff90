package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A part of the data with what is to be done to it, as bytes. Its id is its place and the SHA-256
 * of those bytes: {@code 00003-of-00032-1f2e3d4c5b6a7988}; ids of one job sort by place.
 *
 * <p>Equality is identity. Thread-safe.
 */
public final class Shard {
  /** Larger ones do not travel: 64 MiB. */
  public static final int MOST_BYTES = 64 << 20;

  private static final int DIGEST_BYTES = 8;

  private final String id;
  private final byte[] work;

  /**
   * @param place 0 to {@code of − 1}
   * @param of how many there are
   * @param work copied
   */
  public Shard(int place, int of, byte[] work) {
    Check.that(place >= 0 && place < of, "place of a shard", "0 to " + (of - 1), place, "count");
    Check.that(
        work.length <= MOST_BYTES,
        "shard " + place,
        MOST_BYTES + " bytes or less",
        work.length,
        "cut the data into more shards");
    this.work = work.clone();
    this.id = String.format(Locale.ROOT, "%05d-of-%05d-%s", place, of, digest(work));
  }

  public String id() {
    return id;
  }

  /** A new array. */
  public byte[] work() {
    return work.clone();
  }

  /** Whether a text can be the id of a shard, and so the name of a file. */
  static boolean isId(String text) {
    return text.matches("\\d{5,9}-of-\\d{5,9}-[0-9a-f]{16}");
  }

  private static String digest(byte[] work) {
    return HexFormat.of().formatHex(Arrays.copyOf(sha256(work), DIGEST_BYTES));
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
