package dev.plumbline.agent.scoring;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The name of an exchange: the client's {@code X-Request-Id} if it is a decent one, else made. */
public final class ExchangeId {
  /** The header. */
  public static final String HEADER = "x-request-id";

  /** Safe in a header, a path, a log line and a JSON string, and short. */
  private static final Pattern DECENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  private ExchangeId() {}

  /** The id of a request with this header value, which may be null. */
  public static String of(String header) {
    return Optional.ofNullable(header)
        .filter(value -> DECENT.matcher(value).matches())
        .orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
  }
}
