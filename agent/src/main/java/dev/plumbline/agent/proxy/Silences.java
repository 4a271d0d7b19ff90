package dev.plumbline.agent.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at every {@link Silence} of one event loop from time to time. One timer for all of them: a
 * timer each, set and cancelled, was 2 % of an event loop under load. It stands still while nobody
 * listens.
 */
final class Silences {
  /** An alarm may be late by this part of the shortest limit. */
  private static final int PART = 16;

  private static final long SHORTEST_MILLIS = 1;
  private static final long LONGEST_MILLIS = 1000;

  private final Vertx vertx;
  private final long everyMillis;
  private final Silence ring;
  private boolean ticking;

  /**
   * @param shortest of the limits that will be asked for
   */
  Silences(Vertx vertx, Duration shortest) {
    this.vertx = vertx;
    long part = shortest.toMillis() / PART;
    this.everyMillis = Math.min(LONGEST_MILLIS, Math.max(SHORTEST_MILLIS, part));
    this.ring = new Silence(this, () -> {});
    ring.before = ring;
    ring.after = ring;
  }

  void add(Silence silence) {
    if (silence.after != null) {
      return;
    }
    silence.before = ring.before;
    silence.after = ring;
    ring.before.after = silence;
    ring.before = silence;
    if (!ticking) {
      ticking = true;
      vertx.setPeriodic(everyMillis, this::look);
    }
  }

  void remove(Silence silence) {
    if (silence.after != null) {
      silence.before.after = silence.after;
      silence.after.before = silence.before;
      silence.before = null;
      silence.after = null;
    }
  }

  /** An alarm may stop others, so they are gathered first. */
  private void look(long timer) {
    if (ring.after == ring) {
      vertx.cancelTimer(timer);
      ticking = false;
      return;
    }
    long now = System.nanoTime();
    List<Silence> due = new ArrayList<>();
    for (Silence silence = ring.after; silence != ring; silence = silence.after) {
      if (silence.tooLong(now)) {
        due.add(silence);
      }
    }
    due.forEach(this::alarm);
  }

  private void alarm(Silence silence) {
    if (silence.after != null) {
      remove(silence);
      silence.ring();
    }
  }
}
