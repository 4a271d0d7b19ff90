package dev.plumbline.agent.tap.states;

import dev.plumbline.agent.tap.cut.AnswerFilter;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * One decorated exchange, in this order: {@link #body} and {@link #headers} go to the origin, each
 * byte of a 2xx answer goes through one {@link #filter}, and then either {@link #find} or {@link
 * #discard} is called, exactly once, also when the answer broke off or nothing is to be scored.
 *
 * <p>The answer's {@code Content-Length} no longer holds. An answer that is encoded although {@code
 * Accept-Encoding: identity} was asked for cannot be filtered: it passes and is discarded.
 *
 * <p>Threads: the filter on the event loop, one call at a time; {@code find} on a scoring thread
 * after the filter's end.
 */
public interface StatesExchange {
  /** The decorated body; the caller's to keep. */
  byte[] body();

  /** Headers to set on the request, replacing the client's; names in lower case. */
  Map<String, String> headers();

  /**
   * Between the origin's answer and the client.
   *
   * @param stream whether the answer is server-sent events
   */
  AnswerFilter filter(boolean stream);

  /**
   * The states. Never fails and never throws: what goes wrong is a {@link Found.Missing}. Nothing
   * of them is left behind anywhere.
   *
   * @param abandoned true once nobody waits any more
   */
  CompletionStage<Found> find(BooleanSupplier abandoned);

  /** Nobody wants the states: lets go of them, and deletes them where they lie in a file. */
  void discard();
}
