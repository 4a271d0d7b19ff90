package dev.plumbline.agent.tap.states;

import dev.plumbline.agent.tap.Reading;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * A tap on an origin's states and the scorer behind it: all that a proxy needs to know. Owns the
 * tap. Thread-safe.
 */
public final class StatesScoring implements AutoCloseable {
  private final StatesTap tap;
  private final StatesScorer scorer;

  public StatesScoring(StatesTap tap, StatesScorer scorer) {
    this.tap = Objects.requireNonNull(tap, "tap");
    this.scorer = Objects.requireNonNull(scorer, "scorer");
  }

  /** Decorates a request, where that is possible. */
  public Optional<StatesExchange> decorate(OriginRequest request) {
    return tap.decorate(request);
  }

  /** Finds and scores the states of an exchange whose answer has ended; on a scoring thread. */
  public CompletionStage<Reading> read(StatesExchange exchange, BooleanSupplier abandoned) {
    return exchange.find(abandoned).thenApply(scorer::read);
  }

  /** What the origin handed over, to be looked at before it is read; as {@link #read}. */
  public CompletionStage<Found> find(StatesExchange exchange, BooleanSupplier abandoned) {
    return exchange.find(abandoned);
  }

  /** Reads what was found. */
  public Reading read(Found found) {
    return scorer.read(found);
  }

  @Override
  public void close() {
    tap.close();
  }
}
