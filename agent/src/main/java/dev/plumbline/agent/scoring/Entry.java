package dev.plumbline.agent.scoring;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.trigger.ConversationKeys;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.TokenScores;
import dev.plumbline.agent.tracing.ExchangeTrace;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.Usage;
import dev.plumbline.core.score.UnscoredReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * An exchange under way. Learns what there is to know, then is settled exactly once; whoever comes
 * second is told so and changes nothing. Thread-safe.
 */
public final class Entry {
  private final String id;
  private final Route route;
  private final boolean embedded;
  private final Clock clock;
  private final Instant startedAt;
  private final Watcher watcher;
  private String model = "";
  private String origin = "";
  private Mode mode = Mode.OBSERVE;
  private boolean stream;
  private int status;
  private Outcome outcome = Outcome.COMPLETED;
  private Optional<Reading> turn = Optional.empty();
  private OptionalDouble peakScore = OptionalDouble.empty();
  private Action action = Action.NONE;
  private Optional<TakenUp> seam = Optional.empty();
  private long tokensTouched;
  private double meanRemoved;
  private Usage usage = new Usage(0, 0);
  private Duration answerTime = Duration.ZERO;
  private volatile Supplier<Reading> soFar =
      () -> Reading.unscored(UnscoredReason.NO_HIDDEN_STATES);
  private boolean settled;
  private volatile Optional<ConversationKeys> conversation = Optional.empty();
  private final StageTimes times = new StageTimes();

  /** Who keeps the books. */
  interface Watcher {
    /** It is read while it is under way; called before {@link #settled}, if at all. */
    void read(Entry entry);

    /** A prefix of its answer has a score. */
    void prefix(Entry entry, double score);

    /**
     * It has ended; called once.
     *
     * @param tokens what was read of them, where that is kept
     */
    void settled(Entry entry, Exchange exchange, Optional<TokenScores> tokens);
  }

  Entry(String id, Route route, boolean embedded, Clock clock, Watcher watcher) {
    this.id = Objects.requireNonNull(id, "id");
    this.route = route;
    this.embedded = embedded;
    this.clock = clock;
    this.startedAt = clock.instant();
    this.watcher = watcher;
  }

  public String id() {
    return id;
  }

  public Route route() {
    return route;
  }

  /** Who else is told of it. */
  public void traced(ExchangeTrace trace) {
    times.tell(trace);
  }

  public ExchangeTrace trace() {
    return times;
  }

  /** When it passed from one hand to the next. */
  StageTimes times() {
    return times;
  }

  /** Which model, in which mode, in which form. */
  public synchronized void asked(String model, Mode mode, boolean stream) {
    this.model = model;
    this.mode = mode;
    this.stream = stream;
  }

  /** Which origin got the request, by its configured name; the last one counts. */
  public synchronized void sentTo(String origin) {
    this.origin = origin;
  }

  /** Its name, empty before. */
  public synchronized String origin() {
    return origin;
  }

  /** The HTTP side has ended; call before {@link #settle}. */
  public synchronized void answered(int status, Outcome outcome) {
    times.answered();
    this.status = status;
    this.outcome = outcome;
    this.answerTime = Duration.between(startedAt, clock.instant());
  }

  /** What was done to the answer. */
  public synchronized void acted(Action action) {
    this.action = action;
  }

  /** A model without the direction was asked to go on behind what had gone out; the last counts. */
  public synchronized void takenUp(TakenUp seam) {
    this.seam = Optional.of(seam);
  }

  /** The receipt of what was done. */
  public synchronized void touched(long tokens, double meanRemoved) {
    this.tokensTouched = tokens;
    this.meanRemoved = meanRemoved;
  }

  public synchronized Action action() {
    return action;
  }

  /** What the answer read as where it was first taken for drifted, before anything was done. */
  public synchronized void turned(Reading reading) {
    if (turn.isEmpty()) {
      turn = Optional.of(reading);
    }
  }

  /** That reading; empty for an answer that stayed as it was. */
  synchronized Optional<Reading> turn() {
    return turn;
  }

  /** What generation cost. */
  public synchronized void generated(Usage usage) {
    this.usage = usage;
  }

  /**
   * It is read while it is under way; nothing happens once it is settled.
   *
   * @param reading of what has been read so far; any thread, without waiting for a device
   */
  public synchronized void read(Supplier<Reading> reading) {
    if (!settled) {
      soFar = reading;
      watcher.read(this);
    }
  }

  /** What is known before the end; only where it is read while it is under way. */
  UnderWay underWay() {
    Reading reading = soFar.get();
    reading.score().ifPresent(this::prefixScore);
    synchronized (this) {
      return new UnderWay(id, model, route, origin, mode, stream, reading, peakScore, startedAt);
    }
  }

  /** The score of a prefix; the highest is kept. */
  public void prefixScore(double score) {
    synchronized (this) {
      peakScore = OptionalDouble.of(Math.max(score, peakScore.orElse(0)));
    }
    watcher.prefix(this, score);
  }

  /** Which conversation it is of. */
  public void conversation(Optional<ConversationKeys> keys) {
    conversation = keys;
  }

  public Optional<ConversationKeys> conversation() {
    return conversation;
  }

  /**
   * Ends the exchange with its verdict.
   *
   * @return false when it had one already
   */
  public boolean settle(Reading reading) {
    Exchange exchange;
    synchronized (this) {
      if (settled) {
        return false;
      }
      settled = true;
      times.ended();
      exchange = exchange(reading.bare());
    }
    watcher.settled(this, exchange, reading.tokens());
    if (times.told()) {
      tell(exchange);
    }
    return true;
  }

  private void tell(Exchange exchange) {
    times.settled(
        new ExchangeTrace.Settled(
            exchange.model(),
            exchange.origin(),
            exchange.mode(),
            exchange.stream(),
            exchange.status(),
            exchange.outcome().wireName(),
            exchange.action().wireName(),
            exchange.seam().map(TakenUp::way),
            exchange.seam().map(TakenUp::reason),
            new Usage(exchange.promptTokens(), exchange.completionTokens()),
            exchange.reading()));
  }

  private Exchange exchange(Reading reading) {
    return new Exchange(
        id,
        model,
        route,
        embedded,
        origin,
        mode,
        stream,
        status,
        outcome,
        reading,
        peakScore,
        action,
        seam,
        tokensTouched,
        meanRemoved,
        usage.promptTokens(),
        usage.completionTokens(),
        startedAt,
        answerTime,
        Duration.between(startedAt, clock.instant()));
  }
}
