package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.FollowUse;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.Priority;
import dev.plumbline.torch.serve.CacheUse;
import dev.plumbline.torch.serve.Engine;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all exchanges a reader follows share: the model, the thread that turns their text into
 * tokens, the bound on text that waits for it, and the counts. Thread-safe.
 *
 * <p>Each exchange has at most one task waiting, so the thread's queue is bounded by the exchanges
 * open. Text over the bound is not taken; the exchange lapses and is read whole at its end.
 */
final class FollowDesk implements AutoCloseable {
  /** UTF-16 units of all exchanges that may wait to be encoded. */
  static final long MOST_WAITING = 16L << 20;

  private final Engine engine;
  private final Prompts prompts;
  private final Directions directions;
  private final ReaderTap whole;
  private final long mostWaiting;
  private final ExecutorService encoding = Executors.newSingleThreadExecutor(FollowDesk::thread);
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong lapses = new AtomicLong();
  private final AtomicLong followed = new AtomicLong();
  private final AtomicLong readWhole = new AtomicLong();
  private final AtomicLong mismatches = new AtomicLong();

  FollowDesk(Engine engine, Prompts prompts, Directions directions, ReaderTap whole) {
    this(engine, prompts, directions, whole, MOST_WAITING);
  }

  FollowDesk(
      Engine engine, Prompts prompts, Directions directions, ReaderTap whole, long mostWaiting) {
    this.engine = engine;
    this.prompts = prompts;
    this.directions = directions;
    this.whole = whole;
    this.mostWaiting = mostWaiting;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-follow");
    thread.setDaemon(true);
    return thread;
  }

  FollowedExchange open(Prompt prompt, Priority priority) {
    FollowedExchange exchange = new FollowedExchange(this, prompt, priority);
    exchange.begin();
    return exchange;
  }

  Engine engine() {
    return engine;
  }

  Prompts prompts() {
    return prompts;
  }

  AnswerReading startReading() {
    return new AnswerReading(directions);
  }

  /** Tokens before the answer that are read out too. */
  int lead() {
    return directions.lead();
  }

  /** Reads texts in one pass. */
  ReaderTap whole() {
    return whole;
  }

  /** Takes room for text; false if there is none. */
  boolean take(int units) {
    if (waiting.addAndGet(units) > mostWaiting) {
      waiting.addAndGet(-units);
      return false;
    }
    return true;
  }

  void release(int units) {
    waiting.addAndGet(-units);
  }

  /**
   * Runs on the encoding thread, later.
   *
   * @return false once the desk is closed
   */
  boolean run(Runnable task) {
    try {
      encoding.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  void lapsed() {
    lapses.incrementAndGet();
  }

  void followed() {
    followed.incrementAndGet();
  }

  void readWhole() {
    readWhole.incrementAndGet();
  }

  void mismatch() {
    mismatches.incrementAndGet();
  }

  FollowUse use() {
    CacheUse cache = engine.cacheUse();
    return new FollowUse(
        cache.liveTokens(),
        cache.keptTokens(),
        cache.bytes(),
        cache.boundBytes(),
        cache.hits(),
        cache.hitTokens(),
        cache.evictions(),
        cache.lapses() + lapses.get(),
        followed.get(),
        readWhole.get(),
        mismatches.get());
  }

  @Override
  public void close() {
    encoding.shutdownNow();
  }
}
