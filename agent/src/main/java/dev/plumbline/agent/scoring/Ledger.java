package dev.plumbline.agent.scoring;

import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.DirectionReading;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.TokenScores;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.core.score.Verdict;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Opens exchanges and closes them with exactly one verdict each; then counts it, keeps it in the
 * ring and tells the feed. Thread-safe.
 */
public final class Ledger {
  private final Meters meters;
  private final LabelNames models;
  private final Clock clock;
  private final ExchangeRing ring;
  private final EventFeed feed;
  private final ModelShifts shifts;
  private final LayerProfiles profiles;
  private final GenAi genAi;
  private volatile Triggers triggers = Triggers.NONE;
  private volatile TokenRing tokens = new TokenRing(0);
  private final AtomicInteger open = new AtomicInteger();

  private volatile Page page = new Page();

  /** Guards what is pooled over a page's traffic, and the turn of the page. */
  private final Object pooling = new Object();

  /** Exchanges that were opened between two turns of the page. */
  private final class Page implements Entry.Watcher {
    private final AtomicInteger unsettled = new AtomicInteger();

    @Override
    public void read(Entry entry) {
      read.put(entry.id(), entry);
    }

    @Override
    public void prefix(Entry entry, double score) {
      triggers.prefix(entry.conversation(), score);
    }

    @Override
    public void settled(Entry entry, Exchange exchange, Optional<TokenScores> kept) {
      kept.ifPresent(each -> tokens.add(entry.id(), each));
      Ledger.this.settled(this, entry, exchange, kept);
      unsettled.decrementAndGet();
    }
  }

  /** Exchanges read while they are under way, by id; as many as are in flight at most. */
  private final ConcurrentMap<String, Entry> read = new ConcurrentHashMap<>();

  /**
   * @param models names that get a label of their own
   * @param kept exchanges remembered
   * @param subscribers readers of the feed at one time
   */
  public Ledger(Meters meters, LabelNames models, Clock clock, int kept, int subscribers) {
    this.meters = meters;
    this.models = models;
    this.clock = clock;
    this.ring = new ExchangeRing(kept);
    this.feed = new EventFeed(subscribers, meters);
    this.shifts = new ModelShifts(meters);
    this.profiles = new LayerProfiles(meters);
    this.genAi = new GenAi(meters);
    meters.gauge(Meter.IN_FLIGHT, open::get);
    models.whenAdmitted(this::begin);
  }

  /** From 0 on, as of what is flagged: the first answer that was not ablated is an alarm. */
  private void begin(String model) {
    meters.count(Meter.ABLATIONS, 0, model, Action.ABLATED.wireName());
    meters.count(Meter.ABLATIONS, 0, model, Action.NOT_APPLIED.wireName());
  }

  /** Who else learns of scores and verdicts. */
  public void feeds(Triggers triggers) {
    this.triggers = triggers;
  }

  /** Remembers the tokens of so many exchanges, where they are read token by token. */
  public void keepsTokens(int exchanges) {
    this.tokens = new TokenRing(exchanges);
  }

  /** The newest exchange of this id whose tokens are remembered. */
  public Optional<TokensOf> tokens(String id) {
    return tokens.find(id);
  }

  /** The last exchanges whose tokens are remembered, newest first. */
  public List<TokensOf> latestTokens(int limit) {
    return tokens.latest(limit);
  }

  /** Begins an exchange; the caller settles it, come what may. */
  public Entry open(String id, Route route, boolean embedded) {
    open.incrementAndGet();
    Page written = page;
    written.unsettled.incrementAndGet();
    return new Entry(id, route, embedded, clock, written);
  }

  /**
   * Tells exchanges opened so far from those to come, which another direction reads: means over
   * traffic begin anew.
   *
   * @return how many of the earlier ones have no verdict yet
   */
  public IntSupplier turnPage() {
    synchronized (pooling) {
      Page before = page;
      page = new Page();
      shifts.forget();
      profiles.forget();
      return before.unsettled::get;
    }
  }

  /** Exchanges without a verdict. */
  public int unsettled() {
    return open.get();
  }

  /** The last settled exchanges, newest first. */
  public List<Exchange> latest(int limit) {
    return ring.latest(limit);
  }

  /** The newest settled exchange of this id, while it is remembered. */
  public Optional<Exchange> find(String id) {
    return ring.find(id);
  }

  /** The exchange of this id that is read and not settled. */
  public Optional<UnderWay> underWay(String id) {
    return Optional.ofNullable(read.get(id)).map(Entry::underWay);
  }

  /** A model's label, of few values. */
  public String label(String model) {
    return models.label(model);
  }

  public EventFeed feed() {
    return feed;
  }

  private void settled(Page written, Entry entry, Exchange exchange, Optional<TokenScores> kept) {
    if (exchange.outcome() == Outcome.COMPLETED) {
      learn(exchange);
    }
    String model = models.label(exchange.model());
    meter(exchange, model, entry.times().traceId());
    pool(written, exchange.reading(), model, kept);
    entry.times().meter(meters, model);
    genAi.meter(exchange, model, origin(exchange), entry.times());
    show(entry, exchange);
    ring.add(exchange);
    read.remove(entry.id(), entry);
    open.decrementAndGet();
    feed.publish(exchange);
  }

  /**
   * Into the means over traffic, which begin anew with the page: the pages are turned where another
   * direction is adopted, and what the old one read says nothing about the new.
   */
  private void pool(Page written, Reading reading, String model, Optional<TokenScores> kept) {
    if (reading.modelShift().isEmpty() && kept.isEmpty()) {
      return;
    }
    synchronized (pooling) {
      if (written == page) {
        reading.modelShift().ifPresent(z -> shifts.add(model, z));
        kept.ifPresent(each -> profiles.add(model, direction(reading), each.layers()));
      }
    }
  }

  /**
   * A trigger asks what the model does by itself: of an answer that was mended it is shown what was
   * there before, or an active trigger would take its own mending for the end of the drift.
   */
  private void show(Entry entry, Exchange exchange) {
    Optional<Reading> turn = entry.turn();
    triggers.settled(
        exchange.model(),
        entry.conversation(),
        turn.orElse(exchange.reading()),
        turn.isPresent() ? Action.NONE : exchange.action());
  }

  /** Only a model served here has proved by its answer that it has this name. */
  private void learn(Exchange exchange) {
    if (exchange.embedded()) {
      models.admit(exchange.model());
    } else {
      models.answered(exchange.model());
    }
  }

  private void meter(Exchange exchange, String model, String trace) {
    Reading reading = exchange.reading();
    String reason = reading.reason().map(r -> r.wireName()).orElse("none");
    meters.count(
        Meter.EXCHANGES,
        model,
        origin(exchange),
        reading.verdict().wireName(),
        reason,
        exchange.action().wireName());
    if (reading.reason().isPresent()) {
      meters.count(Meter.UNSCORED, model, reason, exchange.outcome().wireName());
    } else {
      scored(reading, model, trace);
    }
    reading.directions().forEach((name, found) -> beside(model, name, found, trace));
    if (exchange.action().ofAblation()) {
      meters.count(Meter.ABLATIONS, model, exchange.action().wireName());
    }
    if (exchange.embedded() && exchange.completionTokens() > 0) {
      meters.count(Meter.TOKENS_GENERATED, exchange.completionTokens(), model);
    }
  }

  /** A label of few values: names come from the configuration. */
  private static String origin(Exchange exchange) {
    if (exchange.embedded()) {
      return "embedded";
    }
    return exchange.origin().isEmpty() ? "none" : exchange.origin();
  }

  private void beside(String model, String name, DirectionReading found, String trace) {
    meters.count(Meter.DIRECTION_VERDICTS, model, name, found.verdict().wireName());
    found
        .score()
        .ifPresent(score -> meters.score(Meter.DIRECTION_SCORE, score, trace, model, name));
  }

  private static String direction(Reading reading) {
    return reading.direction().orElse("none");
  }

  private void scored(Reading reading, String model, String trace) {
    String direction = direction(reading);
    reading.score().ifPresent(score -> meters.score(Meter.SCORE, score, trace, model, direction));
    meters.count(Meter.TOKENS_SCORED, reading.tokensScored(), model);
    meters.timeTraced(Meter.SCORING_DURATION, reading.scoringTime(), trace, model);
    // From 0 on: a counter that begins at 1 has not risen to Prometheus, so the first would be
    // lost.
    meters.count(
        Meter.FLAGGED, reading.verdict() instanceof Verdict.Drifted ? 1 : 0, model, direction);
  }
}
