package dev.plumbline.agent.tap;

import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.Priority;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * A source of hidden states, scoring included: text in, reading out.
 *
 * <p>Threads: {@link #read} is called on a scoring thread, never on an event loop, and may be
 * called again before earlier stages have completed, so an implementation can read in batches; how
 * many at most is the caller's queue bound. An exchange keeps its place in the queue until its
 * stage completes, even when nobody waits for it any more.
 *
 * <p>Errors: an exchange that cannot be read is a {@link Reading#unscored} with its reason. A stage
 * that fails, or a throw, is counted as {@code tap_error}.
 */
public interface Tap extends AutoCloseable {
  /**
   * Reads one exchange; with several answers the reading is the worst one's.
   *
   * @param abandoned true once the deadline has passed: ask between steps and stop early
   */
  CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned);

  /** Whether {@link #follow} does something; asked before a request is parsed for it. */
  default boolean follows() {
    return false;
  }

  /**
   * Begins to read an exchange whose answer is on its way; its prompt is read now. Returns at once,
   * on an event loop too.
   *
   * @param exchangeId for logs
   * @return empty where this tap reads whole texts only
   */
  default Optional<Following> follow(String exchangeId, Prompt prompt) {
    return Optional.empty();
  }

  /** The same, for an exchange whose verdict somebody may wait for. */
  default Optional<Following> follow(String exchangeId, Prompt prompt, Priority priority) {
    return follow(exchangeId, prompt);
  }

  /**
   * Whether {@link #readElsewhere} does something; asked before an exchange is understood for it.
   */
  default boolean records() {
    return false;
  }

  /** An exchange got its reading from the origin's own states, not from this tap. Any thread. */
  default void readElsewhere(ExchangeText exchange, Reading reading) {}

  /** What following holds and did. */
  default FollowUse followUse() {
    return FollowUse.NONE;
  }

  /** Frees the model; called once, after the last read. */
  @Override
  void close();
}
