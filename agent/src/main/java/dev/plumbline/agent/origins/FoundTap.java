package dev.plumbline.agent.origins;

import dev.plumbline.agent.tap.states.StatesScoring;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The tap in use, and those it replaced, which are closed once nobody can be reading by them any
 * more. Owns them. Thread-safe.
 */
final class FoundTap {
  /** Well above the longest that an exchange waits for its states. */
  private static final long GRACE_MILLIS = 120_000;

  private final Vertx vertx;
  private final Set<StatesScoring> open = new HashSet<>();
  private volatile Optional<StatesScoring> now = Optional.empty();
  private boolean closed;

  FoundTap(Vertx vertx) {
    this.vertx = vertx;
  }

  Optional<StatesScoring> get() {
    return now;
  }

  /** Takes another, or none, from here on; false when it is over, and the other is closed. */
  synchronized boolean set(Optional<StatesScoring> next) {
    if (closed) {
      next.ifPresent(StatesScoring::close);
      return false;
    }
    now.ifPresent(old -> vertx.setTimer(GRACE_MILLIS, fired -> retire(old)));
    next.ifPresent(open::add);
    now = next;
    return true;
  }

  private synchronized void retire(StatesScoring old) {
    if (open.remove(old)) {
      old.close();
    }
  }

  synchronized void close() {
    closed = true;
    now = Optional.empty();
    open.forEach(StatesScoring::close);
    open.clear();
  }
}
