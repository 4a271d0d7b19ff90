package dev.plumbline.agent.proxy;

import java.time.Duration;

/**
 * An alarm for silence, one for many sounds: each only notes the time. The times are looked at by
 * {@link Silences}, so an alarm is late by a part of the shortest limit. Lives on one event loop.
 */
final class Silence {
  private final Silences all;
  private final Runnable alarm;
  private long limitNanos;
  private long lastSound;

  /** The neighbours in the ring of those listening; null while not listening. */
  Silence before;

  Silence after;

  Silence(Silences all, Runnable alarm) {
    this.all = all;
    this.alarm = alarm;
  }

  /** Starts to listen, or goes on with another limit. */
  void listen(Duration limit) {
    limit(limit);
    all.add(this);
  }

  /** There was a sound. */
  void heard() {
    lastSound = System.nanoTime();
  }

  /** Goes on with another limit, from now. */
  void limit(Duration limit) {
    limitNanos = limit.toNanos();
    heard();
  }

  void stop() {
    all.remove(this);
  }

  boolean tooLong(long now) {
    return now - lastSound >= limitNanos;
  }

  void ring() {
    alarm.run();
  }
}
