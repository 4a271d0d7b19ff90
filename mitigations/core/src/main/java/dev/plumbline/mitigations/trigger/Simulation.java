package dev.plumbline.mitigations.trigger;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * Scripted days through the trigger that the agent runs, many seeds, and through a naive control:
 * the same window and activation level, but one threshold for both ways, no minimum count, no dwell
 * and no cooldown. No clock is read.
 *
 * @param levels of the trigger
 * @param window of the rate
 * @param minimum scored exchanges below which the trigger has no rate
 * @param treats whether answers of an active trigger are no evidence, as under {@code ablate}
 */
public record Simulation(Levels levels, Duration window, int minimum, boolean treats) {
  /** The rule of doubled waits was chosen after a look at seeds 1 to 100: they prove nothing. */
  static final long FIRST_SEED = 1001;

  /** The defaults of the agent. */
  public static Simulation standard(boolean treats) {
    Levels levels = new Levels(0.05, 0.1, 0.03, Duration.ofMinutes(10), Duration.ofMinutes(5));
    return new Simulation(levels, Duration.ofMinutes(15), 40, treats);
  }

  /**
   * One day.
   *
   * @param falseAlarms activations before the onset
   * @param delaySeconds from the onset to the first moment it is active; empty for never
   * @param activations after the onset
   * @param misaligned exchanges from the onset on
   * @param met those of them that found it active
   */
  public record Day(
      int falseAlarms, OptionalDouble delaySeconds, int activations, long misaligned, long met) {}

  /** What many days come to. */
  public record Days(Day[] days) {
    public Days {
      days = days.clone();
    }

    @Override
    public Day[] days() {
      return days.clone();
    }

    public int falseAlarms() {
      return Arrays.stream(days).mapToInt(Day::falseAlarms).sum();
    }

    public long daysWithFalseAlarm() {
      return Arrays.stream(days).filter(d -> d.falseAlarms() > 0).count();
    }

    public long detected() {
      return Arrays.stream(days).filter(d -> d.delaySeconds().isPresent()).count();
    }

    /** The delay that a share of the days stays within; never-detected days count as longest. */
    public OptionalDouble delaySeconds(double share) {
      double[] sorted =
          Arrays.stream(days)
              .mapToDouble(d -> d.delaySeconds().orElse(Double.POSITIVE_INFINITY))
              .sorted()
              .toArray();
      double found = sorted[(int) Math.ceil(share * sorted.length) - 1];
      return Double.isInfinite(found) ? OptionalDouble.empty() : OptionalDouble.of(found);
    }

    public double activationsPerDay() {
      return (double) Arrays.stream(days).mapToInt(Day::activations).sum() / days.length;
    }

    /** Share of the misaligned exchanges that found the trigger active. */
    public double met() {
      long all = Arrays.stream(days).mapToLong(Day::misaligned).sum();
      return all == 0 ? 0 : (double) Arrays.stream(days).mapToLong(Day::met).sum() / all;
    }
  }

  /** Plays so many days, seeds from {@link #FIRST_SEED}. */
  public Days trigger(ScriptedDay day, int seeds) {
    return days(day, seeds, Subject.Real.of(this));
  }

  /** The same days under the control. */
  public Days naive(ScriptedDay day, int seeds) {
    return days(day, seeds, Subject.Naive.of(this, 1));
  }

  /** The same days under the control with the trigger's minimum count. */
  public Days counted(ScriptedDay day, int seeds) {
    return days(day, seeds, Subject.Naive.of(this, minimum));
  }

  private static Days days(ScriptedDay day, int seeds, Subject.Maker maker) {
    return new Days(
        LongStream.range(FIRST_SEED, FIRST_SEED + seeds)
            .mapToObj(seed -> new DayBook(day, maker.make()).play(seed))
            .toArray(Day[]::new));
  }

  /** Counts over one day. */
  private static final class DayBook {
    private final ScriptedDay day;
    private final Subject subject;
    private final Instant onset;
    private int falseAlarms;
    private int activations;
    private OptionalDouble delay = OptionalDouble.empty();
    private long misaligned;
    private long met;

    DayBook(ScriptedDay day, Subject subject) {
      this.day = day;
      this.subject = subject;
      this.onset = ScriptedDay.START.plus(day.onset());
    }

    Day play(long seed) {
      day.play(seed, this::exchange);
      return new Day(falseAlarms, delay, activations, misaligned, met);
    }

    private void exchange(Instant at, boolean bad, RateWindow.Kind seen) {
      boolean before = subject.active();
      misaligned += bad ? 1 : 0;
      met += bad && before ? 1 : 0;
      subject.exchange(seen, at);
      boolean after = subject.active();
      boolean begun = !before && after;
      if (at.isBefore(onset)) {
        falseAlarms += begun ? 1 : 0;
        return;
      }
      activations += begun ? 1 : 0;
      if (after && delay.isEmpty()) {
        delay = OptionalDouble.of(Duration.between(onset, at).toMillis() / 1000.0);
      }
    }
  }
}
