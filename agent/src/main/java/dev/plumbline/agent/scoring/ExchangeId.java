package dev.plumbline.agent.scoring;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/** The name of an exchange: the client's {@code X-Request-Id} if it is a decent one, else made. */
public final class ExchangeId {
  /** The header. */
  public static final String HEADER = "x-request-id";

  /** Safe in a header, a path, a log line and a JSON string, and short. */
  private static final Pattern DECENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  /**
   * Unique, not secret: what an id decides is salted where it matters. Seeded from the system's
   * entropy, so that agents started at one time do not make the same ids.
   */
  private static final ThreadLocal<SplittableRandom> RANDOM =
      ThreadLocal.withInitial(() -> new SplittableRandom(new SecureRandom().nextLong()));

  private static final HexFormat HEX = HexFormat.of();

  private ExchangeId() {}

  /** The id of a request with this header value, which may be null. */
  public static String of(String header) {
    return Optional.ofNullable(header)
        .filter(value -> DECENT.matcher(value).matches())
        .orElseGet(ExchangeId::made);
  }

  /**
   * A random UUID (RFC 9562, version 4) in hexadecimal: some model servers answer 400 to an {@code
   * X-Request-Id} that is none.
   */
  private static String made() {
    SplittableRandom random = RANDOM.get();
    long high = random.nextLong() & ~0xf000L | 0x4000L;
    long low = random.nextLong() >>> 2 | Long.MIN_VALUE;
    return HEX.toHexDigits(high) + HEX.toHexDigits(low);
  }
}
