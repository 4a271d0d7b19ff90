package dev.plumbline.agent.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * An alarm for silence. One timer for many sounds: it looks at the time of the last one instead of
 * being set anew with each. Lives on one event loop.
 */
final class Silence {
  private final Vertx vertx;
  private final Runnable alarm;
  private long limitNanos;
  private long lastSound;
  private long timer = -1;

  Silence(Vertx vertx, Runnable alarm) {
    this.vertx = vertx;
    this.alarm = alarm;
  }

  /** Starts to listen, or goes on with another limit. */
  void listen(Duration limit) {
    limitNanos = limit.toNanos();
    heard();
    arm(limitNanos);
  }

  /** There was a sound. */
  void heard() {
    lastSound = System.nanoTime();
  }

  /** Goes on with another limit, from now; a shorter one is noticed when the longer would be. */
  void limit(Duration limit) {
    limitNanos = limit.toNanos();
    heard();
  }

  void stop() {
    vertx.cancelTimer(timer);
    timer = -1;
  }

  private void arm(long nanos) {
    vertx.cancelTimer(timer);
    timer = vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), fired -> check());
  }

  private void check() {
    long left = lastSound + limitNanos - System.nanoTime();
    if (left > 0) {
      arm(left + TimeUnit.MILLISECONDS.toNanos(1));
    } else {
      timer = -1;
      alarm.run();
    }
  }
}
