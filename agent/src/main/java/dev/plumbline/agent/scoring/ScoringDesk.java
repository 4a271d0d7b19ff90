package dev.plumbline.agent.scoring;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounded queue in front of a tap. Work over the bound is not taken and counts as {@code
 * queue_full}; work over its deadline is given up and counts as {@code deadline_passed}. A place is
 * free again only when the work on it has really ended, so a tap that hangs fills the queue instead
 * of the memory.
 *
 * <p>Exchanges whose verdict somebody waits for come first, and at the bound the newest observed
 * one is dropped for them ({@code queue_full}). Observed ones may so wait until their deadline, not
 * longer. Thread-safe.
 */
public final class ScoringDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ScoringDesk.class);

  /** What is to be done, and whom to tell. */
  private record Task(
      Function<BooleanSupplier, CompletionStage<Reading>> work,
      CompletableFuture<Reading> verdict) {}

  private final Supplier<Duration> deadline;
  private final Executor workers;
  private final ScheduledExecutorService scheduler;
  private final Meters meters;
  private final Places<Task> places;

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
    this.places = new Places<>(capacity);
    this.deadline = deadline;
    this.workers = workers;
    this.scheduler = scheduler;
    this.meters = meters;
    meters.gauge(Meter.QUEUE_DEPTH, places::taken, "scoring");
    meters.gauge(Meter.QUEUE_CAPACITY, places::capacity, "scoring");
  }

  /**
   * Scores, later. Returns at once; the future always completes normally, on any thread.
   *
   * @param priority whether somebody waits for the verdict
   * @param work parses and reads; runs on a worker; is told whether anybody still waits
   */
  public CompletableFuture<Reading> submit(
      Priority priority, Function<BooleanSupplier, CompletionStage<Reading>> work) {
    CompletableFuture<Reading> verdict = new CompletableFuture<>();
    Places.Admission<Task> admission = places.admit(priority, new Task(work, verdict));
    admission.displaced().ifPresent(other -> drop(other.verdict()));
    if (admission.ticket().isEmpty()) {
      drop(verdict);
      return verdict;
    }
    Future<?> alarm =
        scheduler.schedule(() -> expire(verdict), deadline.get().toNanos(), TimeUnit.NANOSECONDS);
    verdict.whenComplete((reading, failure) -> alarm.cancel(false));
    begin(admission.ticket().get());
    return verdict;
  }

  private void begin(Places.Ticket<Task> ticket) {
    try {
      workers.execute(this::workOnNext);
    } catch (RejectedExecutionException e) {
      places.withdraw(ticket);
      ticket.work().verdict().complete(Reading.unscored(UnscoredReason.OFF));
    }
  }

  private void workOnNext() {
    places.next().ifPresent(this::work);
  }

  private void work(Places.Ticket<Task> ticket) {
    CompletableFuture<Reading> verdict = ticket.work().verdict();
    if (verdict.isDone()) {
      places.free(ticket);
      return;
    }
    start(ticket.work().work(), verdict::isDone)
        .whenComplete(
            (found, failure) -> {
              places.free(ticket);
              verdict.complete(failure == null && found != null ? found : failed(failure));
            });
  }

  private static CompletionStage<Reading> start(
      Function<BooleanSupplier, CompletionStage<Reading>> work, BooleanSupplier abandoned) {
    try {
      return work.apply(abandoned);
    } catch (RuntimeException | Error e) {
      // An error too: its place would never be free again.
      return CompletableFuture.failedFuture(e);
    }
  }

  private void expire(CompletableFuture<Reading> verdict) {
    Reading late = Reading.unscored(UnscoredReason.DEADLINE_PASSED);
    if (verdict.complete(late)) {
      meters.count(Meter.DROPS, UnscoredReason.DEADLINE_PASSED.wireName());
    }
  }

  private void drop(CompletableFuture<Reading> verdict) {
    if (verdict.complete(Reading.unscored(UnscoredReason.QUEUE_FULL))) {
      meters.count(Meter.DROPS, UnscoredReason.QUEUE_FULL.wireName());
    }
  }

  private static Reading failed(Throwable failure) {
    LOG.warn("wanted a reading from the tap, found a failure; the exchange is unscored", failure);
    return Reading.unscored(UnscoredReason.TAP_ERROR);
  }
}
