package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.util.Optional;

/**
 * A figure as it is reported: value, interval if one was taken, and what it was counted over.
 *
 * @param value the figure
 * @param interval its interval, empty if none was taken
 * @param count units it rests on: prompts for a within-prompt figure, exchanges for a rate
 */
public record Estimate(double value, Optional<Interval> interval, long count) {

  public Estimate {
    Check.finite(value, "estimate");
    Check.that(count > 0, "count of an estimate", "1 or more", count, "leave the figure out");
  }

  public static Estimate of(double value, long count) {
    return new Estimate(value, Optional.empty(), count);
  }

  public static Estimate of(double value, Interval interval, long count) {
    return new Estimate(value, Optional.of(interval), count);
  }

  /** The lower end, or the value itself where no interval was taken. */
  public double low() {
    return interval.map(Interval::low).orElse(value);
  }

  /** The upper end, or the value itself where no interval was taken. */
  public double high() {
    return interval.map(Interval::high).orElse(value);
  }
}
