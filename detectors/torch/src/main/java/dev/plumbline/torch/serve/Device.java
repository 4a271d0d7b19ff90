package dev.plumbline.torch.serve;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands between read passes and the device: the limit of their size, the breaker, the counts.
 * Passes run on the engine's thread; questions come from any.
 */
final class Device {
  private static final Logger LOG = LoggerFactory.getLogger(Device.class);

  /** Asked before each read pass; a throw fails the pass. For tests. */
  @FunctionalInterface
  interface Hook {
    Hook NONE = (rows, columns) -> {};

    void before(int rows, int columns);
  }

  private final BatchLimit limit;
  private final Breaker breaker;
  private final Hook hook;
  private final AtomicLong outOfMemory = new AtomicLong();
  private final AtomicLong otherFailures = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong passes = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong tokens = new AtomicLong();
  private final AtomicLong padding = new AtomicLong();
  private final AtomicLong busyNanos = new AtomicLong();
  private int largestGood;
  private volatile String lastFailure = "";

  Device(int boundTokens, Breaker breaker, Hook hook) {
    this.limit = new BatchLimit(boundTokens);
    this.breaker = breaker;
    this.hook = hook;
  }

  /** Tokens a pass may take now, unless one text alone is longer. */
  int limit() {
    return limit.tokens();
  }

  boolean failing() {
    return breaker.isOpen();
  }

  /** Nanoseconds until a trial is due; only while {@link #failing}. */
  long trialIn() {
    return breaker.trialIn();
  }

  /** What those are told that are not tried; counted. */
  DeviceException refusal() {
    refused.incrementAndGet();
    return DeviceException.unavailable(lastFailure + "; a trial pass follows");
  }

  /**
   * Runs a pass over {@code count} texts.
   *
   * @param columns tokens a row, padding included
   * @param fresh tokens that are not padding
   * @throws DeviceException whatever failed
   */
  void run(int count, int columns, int fresh, Runnable pass) {
    long begun = System.nanoTime();
    try {
      hook.before(count, columns);
      pass.run();
    } catch (RuntimeException | Error e) {
      throw failed(DeviceException.of(e), count, columns);
    }
    breaker.good();
    busyNanos.addAndGet(System.nanoTime() - begun);
    largestGood = Math.max(largestGood, count * columns);
    passes.incrementAndGet();
    rows.addAndGet(count);
    tokens.addAndGet(fresh);
    padding.addAndGet((long) count * columns - fresh);
    if (limit.good()) {
      LOG.info("reading: passes may take {} of {} tokens again", limit.tokens(), limit.bound());
    }
  }

  private DeviceException failed(DeviceException failure, int count, int columns) {
    count(failure);
    if (failure.outOfMemory()) {
      limit.tooMuch(count * columns);
      LOG.warn(
          "reading: wanted memory for a pass of {} x {} tokens, found none ({}); passes take at most"
              + " {} of {} tokens now",
          count,
          columns,
          failure.brief(),
          limit.tokens(),
          limit.bound());
    } else {
      LOG.warn("reading: a pass of {} x {} tokens failed: {}", count, columns, failure.brief());
    }
    if (!failure.outOfMemory()) {
      ill();
    }
    return failure;
  }

  /**
   * A text of so many tokens was given up for want of memory. One longer than anything that ever
   * fitted may just be too long: whoever sends such texts must not stop the reading of all others.
   */
  void gaveUp(int found) {
    if (found <= largestGood) {
      ill();
    }
  }

  private void ill() {
    if (breaker.failed()) {
      LOG.warn(
          "reading: the device failed again and again ({}); answers are unscored(device_error) until"
              + " a trial pass succeeds, the first in {} ms",
          lastFailure,
          breaker.trialIn() / 1_000_000);
    }
  }

  private void count(DeviceException failure) {
    lastFailure = failure.brief();
    (failure.outOfMemory() ? outOfMemory : otherFailures).incrementAndGet();
  }

  /** Room for a cache was not to be had. */
  DeviceException failedToAllocate(Throwable cause) {
    DeviceException failure = DeviceException.of(cause);
    count(failure);
    LOG.warn("reading: wanted room for a cache, found: {}", failure.brief());
    if (!failure.outOfMemory()) {
      ill();
    }
    return failure;
  }

  /** A step of generation failed: its answers are told so; reading goes on. */
  void generationFailed(DeviceException failure) {
    count(failure);
    LOG.warn("generation: a step failed: {}", failure.brief());
  }

  /** One pass of the engine's own, to see whether the device is well again. */
  void trial(int columns, Runnable pass) {
    try {
      hook.before(1, columns);
      pass.run();
      breaker.trialSucceeded();
      LOG.info("reading: a trial pass succeeded; answers are read again");
    } catch (RuntimeException | Error e) {
      count(DeviceException.of(e));
      breaker.trialFailed();
    }
  }

  DeviceUse use() {
    return new DeviceUse(
        breaker.isOpen(),
        breaker.opened(),
        outOfMemory.get(),
        otherFailures.get(),
        refused.get(),
        limit.tokens(),
        limit.bound(),
        passes.get(),
        rows.get(),
        tokens.get(),
        padding.get(),
        busyNanos.get());
  }
}
