package dev.plumbline.agent.scoring;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.UnscoredReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounded queue in front of a tap. Work over the bound is not taken and counts as {@code
 * queue_full}; work over its deadline is given up and counts as {@code deadline_passed}. A place is
 * free again only when the work on it has really ended, so a tap that hangs fills the queue instead
 * of the memory. Thread-safe.
 */
public final class ScoringDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ScoringDesk.class);

  private final int capacity;
  private final Supplier<Duration> deadline;
  private final Executor workers;
  private final ScheduledExecutorService scheduler;
  private final Meters meters;
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * @param capacity exchanges waiting or at work
   * @param deadline from submission to the verdict; asked at each submission
   * @param workers where work starts; not an event loop
   * @param scheduler for deadlines only
   */
  public ScoringDesk(
      int capacity,
      Supplier<Duration> deadline,
      Executor workers,
      ScheduledExecutorService scheduler,
      Meters meters) {
    this.capacity = capacity;
    this.deadline = deadline;
    this.workers = workers;
    this.scheduler = scheduler;
    this.meters = meters;
    meters.gauge(Meter.QUEUE_DEPTH, taken::get, "scoring");
    meters.gauge(Meter.QUEUE_CAPACITY, () -> capacity, "scoring");
  }

  /**
   * Scores, later. Returns at once; the future always completes normally, on any thread.
   *
   * @param work parses and reads; runs on a worker; is told whether anybody still waits
   */
  public CompletableFuture<Reading> submit(
      Function<BooleanSupplier, CompletionStage<Reading>> work) {
    if (taken.incrementAndGet() > capacity) {
      taken.decrementAndGet();
      return CompletableFuture.completedFuture(drop(UnscoredReason.QUEUE_FULL));
    }
    CompletableFuture<Reading> verdict = new CompletableFuture<>();
    Future<?> alarm =
        scheduler.schedule(() -> expire(verdict), deadline.get().toNanos(), TimeUnit.NANOSECONDS);
    verdict.whenComplete((reading, failure) -> alarm.cancel(false));
    begin(() -> work(work, verdict), verdict);
    return verdict;
  }

  private void begin(Runnable task, CompletableFuture<Reading> verdict) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      taken.decrementAndGet();
      verdict.complete(Reading.unscored(UnscoredReason.OFF));
    }
  }

  private void work(
      Function<BooleanSupplier, CompletionStage<Reading>> work,
      CompletableFuture<Reading> verdict) {
    if (verdict.isDone()) {
      taken.decrementAndGet();
      return;
    }
    start(work, verdict::isDone)
        .whenComplete(
            (found, failure) -> {
              taken.decrementAndGet();
              verdict.complete(failure == null && found != null ? found : failed(failure));
            });
  }

  private static CompletionStage<Reading> start(
      Function<BooleanSupplier, CompletionStage<Reading>> work, BooleanSupplier abandoned) {
    try {
      return work.apply(abandoned);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void expire(CompletableFuture<Reading> verdict) {
    Reading late = Reading.unscored(UnscoredReason.DEADLINE_PASSED);
    if (verdict.complete(late)) {
      meters.count(Meter.DROPS, UnscoredReason.DEADLINE_PASSED.wireName());
    }
  }

  private Reading drop(UnscoredReason reason) {
    meters.count(Meter.DROPS, reason.wireName());
    return Reading.unscored(reason);
  }

  private static Reading failed(Throwable failure) {
    LOG.warn("wanted a reading from the tap, found a failure; the exchange is unscored", failure);
    return Reading.unscored(UnscoredReason.TAP_ERROR);
  }
}
