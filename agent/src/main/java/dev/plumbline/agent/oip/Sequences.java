package dev.plumbline.agent.oip;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.core.score.UnscoredReason;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sequences under way, at most so many. One that is idle beyond its deadline is evicted; over the
 * bound a new one is refused, so that none under way loses its score. Thread-safe.
 */
final class Sequences {
  private record Held(Sequence sequence, long touchedNanos) {}

  private final int bound;
  private final long idleNanos;
  private final LongSupplier nanos;
  private final Meters meters;

  /** The idlest first. */
  private final Map<String, Held> held = new LinkedHashMap<>();

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   */
  Sequences(int bound, Duration idle, LongSupplier nanos, Meters meters) {
    this.bound = bound;
    this.idleNanos = idle.toNanos();
    this.nanos = nanos;
    this.meters = meters;
    meters.gauge(Meter.OIP_SEQUENCES_OPEN, this::size);
  }

  /**
   * The sequence of a call.
   *
   * @param made a new one, for a call that starts it
   * @throws Refusal when it was never started, was evicted, or there is no room to start it
   */
  synchronized Sequence take(Ask.Part part, Supplier<Sequence> made) {
    evict();
    Held known = held.remove(part.id());
    if (!part.start() && known == null) {
      throw Refusal.invalid(
          "sequence: wanted sequence_start in its first call, found a call of none under way; start it,"
              + " and send the next call within oip.sequence-idle");
    }
    if (part.start()) {
      count(known == null ? "started" : "restarted");
      requireRoom();
    }
    Sequence sequence = part.start() ? made.get() : known.sequence();
    if (part.end()) {
      count("ended");
    } else {
      held.put(part.id(), new Held(sequence, nanos.getAsLong()));
    }
    return sequence;
  }

  synchronized int size() {
    return held.size();
  }

  private void requireRoom() {
    if (held.size() >= bound) {
      count("refused");
      throw new Refusal(
          OipFault.BUSY,
          UnscoredReason.QUEUE_FULL,
          "sequence: wanted fewer than "
              + bound
              + " under way, found as many; end some, or raise"
              + " oip.sequences");
    }
  }

  private void evict() {
    long oldest = nanos.getAsLong() - idleNanos;
    Iterator<Held> idlest = held.values().iterator();
    while (idlest.hasNext() && idlest.next().touchedNanos() - oldest < 0) {
      idlest.remove();
      count("evicted");
    }
  }

  private void count(String event) {
    meters.count(Meter.OIP_SEQUENCES, event);
  }
}
