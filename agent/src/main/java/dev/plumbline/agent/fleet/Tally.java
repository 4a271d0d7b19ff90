package dev.plumbline.agent.fleet;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * This process's own scores of the last minutes, by model and direction. Any thread; adding a score
 * is one look-up and one increment. Series over the bound are dropped and counted.
 */
final class Tally {
  static final int MOST_SERIES = 32;

  /** Minutes that are told and merged. */
  static final int MINUTES = 15;

  private static final long MINUTE_MILLIS = 60_000;

  private final String process;
  private final Clock clock;
  private final Meters meters;
  private final Map<Series, Minutes> all = new ConcurrentHashMap<>();

  /** The counts of a series by minute. Thread-safe. */
  private static final class Minutes {
    private final TreeMap<Long, long[]> counts = new TreeMap<>();

    synchronized void add(long minute, double score) {
      counts.computeIfAbsent(minute, m -> new long[Sketch.BINS])[Sketch.bin(score)]++;
      counts.headMap(minute - MINUTES).clear();
    }

    synchronized Sketch sketch(String process, long first) {
      Sketch sketch = Sketch.EMPTY;
      for (Map.Entry<Long, long[]> each : counts.tailMap(first).entrySet()) {
        sketch = sketch.merge(Sketch.of(new Sketch.Cell(process, each.getKey()), each.getValue()));
      }
      return sketch;
    }
  }

  Tally(String process, Clock clock, Meters meters) {
    this.process = process;
    this.clock = clock;
    this.meters = meters;
  }

  /** The minute it is. */
  static long minute(Clock clock) {
    return Math.floorDiv(clock.millis(), MINUTE_MILLIS);
  }

  /** Counts a score. */
  void add(Series series, double score) {
    Minutes minutes = all.get(series);
    if (minutes == null) {
      if (all.size() >= MOST_SERIES) {
        meters.count(Meter.DROPS, "fleet_series");
        return;
      }
      minutes = all.computeIfAbsent(series, s -> new Minutes());
    }
    minutes.add(minute(clock), score);
  }

  /** What was counted in the last minutes. */
  Map<Series, Sketch> sketches() {
    long first = minute(clock) - MINUTES + 1;
    Map<Series, Sketch> found = new TreeMap<>();
    all.forEach((series, minutes) -> found.put(series, minutes.sketch(process, first)));
    return found;
  }
}
