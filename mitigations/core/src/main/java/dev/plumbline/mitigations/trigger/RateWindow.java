package dev.plumbline.mitigations.trigger;

import dev.plumbline.core.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The share of drifted exchanges among the scored ones of the last while. Memory is fixed: the
 * window is {@value #SLICES} slices with a count each, and forgets a slice at a time. An exchange
 * from before the newest slice counts in the newest. Not thread-safe.
 */
public final class RateWindow {
  private static final int SLICES = 60;

  /** What became of an exchange. */
  public enum Kind {
    ALIGNED,
    DRIFTED,
    /** Not scored: counted, and nothing else. */
    UNSCORED,
    /** The direction had been taken out of it: counted, and nothing else. */
    TREATED
  }

  private final long sliceMillis;
  private final int minimum;
  private final long[][] slices = new long[SLICES][Kind.values().length];
  private final long[] sums = new long[Kind.values().length];
  private long newest = Long.MIN_VALUE;

  /**
   * @param window how far back it sees; a second or more
   * @param minimum scored exchanges below which there is no rate
   */
  public RateWindow(Duration window, int minimum) {
    Check.that(
        window.compareTo(Duration.ofSeconds(1)) >= 0, "window", "1s or more", window, "widen it");
    Check.that(minimum > 0, "minimum count", "1 or more", minimum, "ask for some");
    this.sliceMillis = Math.max(1, window.toMillis() / SLICES);
    this.minimum = minimum;
  }

  /** Counts an exchange. */
  public void add(Kind kind, Instant at) {
    advance(at);
    slices[place(newest)][kind.ordinal()]++;
    sums[kind.ordinal()]++;
  }

  /** The rate, where enough was scored. */
  public OptionalDouble rate(Instant at) {
    advance(at);
    long drifted = sums[Kind.DRIFTED.ordinal()];
    long scored = drifted + sums[Kind.ALIGNED.ordinal()];
    return scored < minimum ? OptionalDouble.empty() : OptionalDouble.of((double) drifted / scored);
  }

  /** How many of a kind there were. */
  public long count(Kind kind, Instant at) {
    advance(at);
    return sums[kind.ordinal()];
  }

  /** Forgets all. */
  public void clear() {
    for (long[] slice : slices) {
      Arrays.fill(slice, 0);
    }
    Arrays.fill(sums, 0);
  }

  private void advance(Instant at) {
    long slice = Math.floorDiv(at.toEpochMilli(), sliceMillis);
    if (newest == Long.MIN_VALUE || slice - newest >= SLICES) {
      clear();
      newest = slice;
    }
    while (newest < slice) {
      newest++;
      forget(slices[place(newest)]);
    }
  }

  private void forget(long[] slice) {
    for (int kind = 0; kind < slice.length; kind++) {
      sums[kind] -= slice[kind];
      slice[kind] = 0;
    }
  }

  private static int place(long slice) {
    return Math.floorMod(slice, SLICES);
  }
}
