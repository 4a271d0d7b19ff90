package dev.plumbline.agent.scoring;

/**
 * An exponential mean over about the last 50 values. Plain until there are as many, so that the
 * first does not count for all. Thread-safe.
 */
final class RecentMean {
  private static final double WEIGHT = 1.0 / 50;

  private double value;
  private long count;

  synchronized void add(double next) {
    count++;
    value += (next - value) * Math.max(WEIGHT, 1.0 / count);
  }

  /** 0 before the first. */
  synchronized double value() {
    return value;
  }
}
