package dev.plumbline.agent.proxy;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesScoring;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * One exchange's part of a tap on the origin's states: the request as it goes on, the answer
 * without what was asked for, the states at the end. Lives on one event loop, but for {@link #read}
 * and {@link #discard}.
 */
final class Decoration {
  private static final Buffer NOTHING = Buffer.buffer();

  private final StatesByOrigin states;
  private Optional<StatesScoring> scoring = Optional.empty();
  private Optional<StatesExchange> exchange = Optional.empty();
  private AnswerFilter filter;
  private boolean ended;

  /** Either read or discarded, and once. */
  private final AtomicBoolean settled = new AtomicBoolean();

  Decoration(StatesByOrigin states) {
    this.states = states;
  }

  /**
   * The request to send instead; empty where this one cannot be decorated.
   *
   * @param origin who gets it
   */
  Optional<Watch.Changed> request(String origin, String path, String exchangeId, byte[] body) {
    scoring = states.of(origin);
    exchange = scoring.flatMap(s -> s.decorate(new OriginRequest(path, exchangeId, body)));
    return exchange.map(e -> new Watch.Changed(Buffer.buffer(e.body()), e.headers()));
  }

  /** Whether the request was decorated. */
  boolean active() {
    return exchange.isPresent();
  }

  /** A good answer that is not encoded is filtered; its length is then not known. */
  void head(HttpClientResponse head, boolean stream, String encoding) {
    boolean good = head.statusCode() >= 200 && head.statusCode() < 300;
    boolean plain = encoding.isEmpty() || encoding.equalsIgnoreCase("identity");
    if (active() && good && plain) {
      filter = exchange.get().filter(stream);
      head.headers().remove("content-length");
    }
  }

  /** What goes on to the client. */
  Buffer passed(Buffer chunk) {
    return filter == null || ended ? chunk : Buffer.buffer(filter.feed(chunk.getBytes()));
  }

  /** What goes on once the answer has ended, or broken off. */
  Buffer rest() {
    if (filter == null || ended) {
      return NOTHING;
    }
    ended = true;
    return Buffer.buffer(filter.end());
  }

  /** On a scoring thread. */
  CompletionStage<Reading> read(BooleanSupplier abandoned) {
    if (!settled.compareAndSet(false, true)) {
      return CompletableFuture.completedFuture(Reading.unscored(UnscoredReason.DEADLINE_PASSED));
    }
    return scoring.orElseThrow().read(exchange.orElseThrow(), abandoned);
  }

  /** Nobody will read; nothing happens where somebody has begun to. Any thread. */
  void discard() {
    if (settled.compareAndSet(false, true)) {
      exchange.ifPresent(StatesExchange::discard);
    }
  }
}
