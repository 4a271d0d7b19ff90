package dev.plumbline.agent.oip;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.core.score.UnscoredReason;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Workers and the bound in front of them. A place is taken before a call's body is gathered and
 * free once its answer is made, so bodies in memory are bounded too. Thread-safe.
 */
final class InferDesk implements AutoCloseable {
  private final int places;
  private final Meters meters;
  private final ExecutorService workers;
  private final AtomicInteger taken = new AtomicInteger();

  InferDesk(int places, int threads, Meters meters) {
    this.places = places;
    this.meters = meters;
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "plumbline-oip");
              thread.setDaemon(true);
              return thread;
            });
    meters.gauge(Meter.QUEUE_DEPTH, taken::get, "oip");
    meters.gauge(Meter.QUEUE_CAPACITY, () -> places, "oip");
  }

  /** Takes a place; false when there is none, which is counted. */
  boolean admit() {
    if (taken.incrementAndGet() <= places) {
      return true;
    }
    taken.decrementAndGet();
    meters.count(Meter.DROPS, UnscoredReason.QUEUE_FULL.wireName());
    return false;
  }

  /** Gives a place back. */
  void leave() {
    taken.decrementAndGet();
  }

  /** Runs work that has a place. */
  void run(Runnable work) {
    workers.execute(work);
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
