package dev.plumbline.agent.tap.states;

import dev.plumbline.agent.tap.DirectionReading;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.core.artefact.ModelShift;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * A tap on an origin's states and the scorer behind it: all that a proxy needs to know. Owns the
 * tap. Thread-safe.
 */
public final class StatesScoring implements AutoCloseable {
  private final StatesTap tap;
  private final StatesScorer scorer;
  private final Map<String, StatesScorer> beside;
  private final Optional<OipScoring> tensors;

  public StatesScoring(StatesTap tap, StatesScorer scorer) {
    this(tap, scorer, Map.of());
  }

  /**
   * @param scorer of the direction that judges
   * @param beside of further directions, by configured name
   */
  public StatesScoring(StatesTap tap, StatesScorer scorer, Map<String, StatesScorer> beside) {
    this.tap = Objects.requireNonNull(tap, "tap");
    this.scorer = Objects.requireNonNull(scorer, "scorer");
    this.beside = Map.copyOf(beside);
    this.tensors = Optional.empty();
  }

  private StatesScoring(StatesScoring same, OipScoring tensors) {
    this.tap = same.tap;
    this.scorer = same.scorer;
    this.beside = same.beside;
    this.tensors = Optional.of(tensors);
  }

  /** The same for an origin whose answers carry states as tensors; no other answer has any. */
  public StatesScoring with(OipScoring tensors) {
    return new StatesScoring(this, tensors);
  }

  /** Present where answers of the Open Inference Protocol carry the states. */
  public Optional<OipScoring> tensors() {
    return tensors;
  }

  /** What the judging direction's {@code model_shift} is measured from. */
  public Optional<ModelShift> baseline() {
    return scorer.baseline();
  }

  /** Decorates a request, where that is possible. */
  public Optional<StatesExchange> decorate(OriginRequest request) {
    return tap.decorate(request);
  }

  /** Finds and scores the states of an exchange whose answer has ended; on a scoring thread. */
  public CompletionStage<Reading> read(StatesExchange exchange, BooleanSupplier abandoned) {
    return exchange.find(abandoned).thenApply(this::read);
  }

  /** Reads what was found, with every direction. */
  public Reading read(Found found) {
    Map<String, DirectionReading> others = new TreeMap<>();
    beside.forEach(
        (name, each) -> {
          Reading reading = each.read(found);
          others.put(name, new DirectionReading(reading.verdict(), reading.z()));
        });
    return scorer.read(found).with(others);
  }

  /** What the origin handed over, to be looked at before it is read; as {@link #read}. */
  public CompletionStage<Found> find(StatesExchange exchange, BooleanSupplier abandoned) {
    return exchange.find(abandoned);
  }

  @Override
  public void close() {
    tap.close();
  }
}
