package dev.plumbline.agent.scoring;

import dev.plumbline.core.score.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The places of the desk and what waits for a worker. At the bound the newest observed exchange
 * makes room for one whose verdict somebody waits for; its place counts until its work has ended,
 * but no longer against enforcing ones. So at most twice the bound is ever held, and that only by a
 * tap that does not let go of work nobody wants. Thread-safe.
 *
 * @param <T> what is kept of an exchange
 */
final class Places<T> {
  private final int capacity;
  private final Deque<Ticket<T>> enforcing = new ArrayDeque<>();
  private final Deque<Ticket<T>> observing = new ArrayDeque<>();

  /** Observed ones that hold a place, by when they came. */
  private final TreeMap<Long, Ticket<T>> displaceable = new TreeMap<>();

  private long next;
  private int taken;
  private int displaced;

  /** One place. */
  record Ticket<T>(long number, Priority priority, T work) {}

  /**
   * What came of asking for a place.
   *
   * @param ticket empty where there is none
   * @param displaced who made room
   */
  record Admission<T>(Optional<Ticket<T>> ticket, Optional<T> displaced) {}

  Places(int capacity) {
    this.capacity = capacity;
  }

  int capacity() {
    return capacity;
  }

  synchronized int taken() {
    return taken;
  }

  /** Asks for a place and, if there is one, waits for a worker. */
  synchronized Admission<T> admit(Priority priority, T work) {
    boolean enforces = priority == Priority.ENFORCING;
    boolean free = enforces ? taken - displaced < capacity : taken < capacity;
    if (!free && (!enforces || displaceable.isEmpty())) {
      return new Admission<>(Optional.empty(), Optional.empty());
    }
    Optional<T> gone = free ? Optional.empty() : Optional.of(displace());
    Ticket<T> ticket = new Ticket<>(next++, priority, work);
    taken++;
    if (!enforces) {
      displaceable.put(ticket.number(), ticket);
    }
    (enforces ? enforcing : observing).add(ticket);
    return new Admission<>(Optional.of(ticket), gone);
  }

  private T displace() {
    Map.Entry<Long, Ticket<T>> newest = displaceable.pollLastEntry();
    displaced++;
    return newest.getValue().work();
  }

  /** Who is next: enforcing ones first, each kind in its order; empty if nobody waits. */
  synchronized Optional<Ticket<T>> next() {
    return Optional.ofNullable(enforcing.isEmpty() ? observing.poll() : enforcing.poll());
  }

  /** The work on it has ended. */
  synchronized void free(Ticket<T> ticket) {
    taken--;
    boolean observed = ticket.priority() == Priority.OBSERVING;
    if (observed && displaceable.remove(ticket.number()) == null) {
      displaced--;
    }
  }

  /** No worker will come for it, unless one has it already. */
  synchronized void withdraw(Ticket<T> ticket) {
    if (enforcing.remove(ticket) || observing.remove(ticket)) {
      free(ticket);
    }
  }
}
