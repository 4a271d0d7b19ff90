package dev.plumbline.core.pooling;

import dev.plumbline.core.Check;

/**
 * The largest mean of any {@code windowTokens} consecutive tokens so far: finds one bad sentence in
 * a long answer. Before the first window is full it is the mean of what is there.
 *
 * @param windowTokens tokens in a window
 */
public record SlidingMaximum(int windowTokens) implements Pooling {

  static final String PREFIX = "sliding_maximum.";

  public SlidingMaximum {
    Check.that(windowTokens > 0, "window", "1 token or more", windowTokens, "raise it");
  }

  @Override
  public Pool start() {
    return new Window(new double[windowTokens]);
  }

  @Override
  public String wireName() {
    return PREFIX + windowTokens;
  }

  private static final class Window implements Pool {
    private final double[] ring;
    private long count;
    private double largest = Double.NEGATIVE_INFINITY;

    Window(double[] ring) {
      this.ring = ring;
    }

    @Override
    public double add(double readout) {
      ring[(int) (count % ring.length)] = readout;
      count++;
      double mean = mean();
      largest = count <= ring.length ? mean : Math.max(largest, mean);
      return largest;
    }

    /** Summed afresh each time: a running sum would keep a large readout's rounding for ever. */
    private double mean() {
      int filled = (int) Math.min(count, ring.length);
      double sum = 0;
      for (int i = 0; i < filled; i++) {
        sum += ring[i];
      }
      return sum / filled;
    }
  }
}
