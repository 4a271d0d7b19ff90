package dev.plumbline.torch.serve;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether passes are tried at all. Closed until {@code failures} in a row failed; then open, and
 * nothing is tried but one trial pass after a pause. A trial that succeeds closes it; one that
 * fails doubles the pause, up to a bound. The pause starts short again only after a pass for
 * somebody succeeded: a trial is small.
 *
 * <p>Thread-safe.
 */
final class Breaker {
  /**
   * @param failures in a row that open it
   * @param firstPause before the first trial
   * @param longestPause between trials
   */
  record Settings(int failures, Duration firstPause, Duration longestPause) {
    /** 3 failures, 1 s, a minute. */
    static Settings standard() {
      return new Settings(3, Duration.ofSeconds(1), Duration.ofMinutes(1));
    }
  }

  private final Settings settings;
  private final LongSupplier nanoTime;
  private boolean open;
  private int failuresInARow;
  private long pause;
  private long trialAt;
  private long opened;

  Breaker(Settings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.pause = settings.firstPause().toNanos();
  }

  synchronized boolean isOpen() {
    return open;
  }

  /** How often it opened from closed. */
  synchronized long opened() {
    return opened;
  }

  /** Nanoseconds until a trial is due, at least 0. Only while open. */
  synchronized long trialIn() {
    return Math.max(0, trialAt - nanoTime.getAsLong());
  }

  /**
   * A pass failed.
   *
   * @return whether that opened it
   */
  synchronized boolean failed() {
    failuresInARow++;
    if (open || failuresInARow < settings.failures()) {
      return false;
    }
    open = true;
    opened++;
    trialAt = nanoTime.getAsLong() + pause;
    lengthen();
    return true;
  }

  private void lengthen() {
    pause = Math.min(2 * pause, settings.longestPause().toNanos());
  }

  /** A pass for somebody succeeded. */
  synchronized void good() {
    failuresInARow = 0;
    pause = settings.firstPause().toNanos();
  }

  synchronized void trialFailed() {
    trialAt = nanoTime.getAsLong() + pause;
    lengthen();
  }

  synchronized void trialSucceeded() {
    open = false;
    failuresInARow = 0;
  }
}
