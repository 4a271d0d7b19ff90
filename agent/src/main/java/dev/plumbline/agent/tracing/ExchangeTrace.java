package dev.plumbline.agent.tracing;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Usage;
import io.vertx.core.http.HttpClientRequest;
import java.util.Optional;

/**
 * What a tracing system is told of one exchange; never a word of its text. Every step may be left
 * out, and told from any thread; {@link #settled} ends it.
 */
public interface ExchangeTrace {
  /** Tells nobody. */
  ExchangeTrace NONE = new ExchangeTrace() {};

  /** Whether anybody is told, and it is worth to gather what to tell. */
  default boolean told() {
    return this != NONE;
  }

  /** There is a connection to the origin, and the request goes out on it; may set its context. */
  default void sending(HttpClientRequest request) {}

  /** The origin has begun to answer. */
  default void firstByte(int status) {}

  /** Text of the answer has come; called for each piece. */
  default void text() {}

  /** The HTTP side has ended. */
  default void answered() {}

  /** The exchange waits to be scored. */
  default void scoring() {}

  /** It waits no longer: it is being read. */
  default void reading() {}

  /** It has been read. */
  default void scored(Reading reading) {}

  /** The trace's id, 32 hexadecimal digits, where the trace is kept; else empty. Any thread. */
  default String traceId() {
    return "";
  }

  /** All is known. */
  default void settled(Settled facts) {}

  /**
   * An exchange at its end.
   *
   * @param model as the request named it, empty for none
   * @param origin the configured name of the one that got it, empty for none
   * @param status what the client got, 0 for nothing
   * @param outcome how the HTTP side went, in one word
   * @param action what was done, in one word
   * @param seam how a rescued answer was taken up in its middle, in one word
   * @param seamReason why so, in one word
   */
  record Settled(
      String model,
      String origin,
      Mode mode,
      boolean stream,
      int status,
      String outcome,
      String action,
      Optional<String> seam,
      Optional<String> seamReason,
      Usage usage,
      Reading reading) {}
}
