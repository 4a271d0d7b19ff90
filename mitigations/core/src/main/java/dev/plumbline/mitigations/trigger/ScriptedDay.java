package dev.plumbline.mitigations.trigger;

import dev.plumbline.core.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;

/**
 * A day of traffic, made up: exchanges arrive by chance (exponential gaps) at a rate that changes
 * with the hour; aligned ones are flagged at the base rate; from the onset on, a share is
 * misaligned, of which the detector sees its part. The same seed gives the same day.
 *
 * @param perHour exchanges expected in each of 24 hours; read
 * @param falsePositives share of the aligned ones that is called drifted
 * @param unscored share of all that has no verdict
 * @param onset when the drift begins, since midnight
 * @param share of exchanges that are misaligned from then on
 * @param sensitivity share of the misaligned ones that is called drifted
 */
public record ScriptedDay(
    int[] perHour,
    double falsePositives,
    double unscored,
    Duration onset,
    double share,
    double sensitivity) {

  /** Midnight. */
  public static final Instant START = Instant.EPOCH;

  private static final int HOURS = 24;
  private static final double HOUR_MILLIS = 3_600_000;

  /** The day of the report: quiet at night, two peaks, drift in the afternoon. */
  public static ScriptedDay standard(double share) {
    int[] perHour = {
      60, 40, 30, 30, 40, 80, 160, 320, 520, 640, 680, 640, 560, 620, 660, 640, 600, 520, 420, 340,
      280, 220, 160, 100
    };
    return new ScriptedDay(perHour, 0.01, 0.02, Duration.ofHours(14), share, 0.8);
  }

  /** The same day with another share of misaligned exchanges. */
  public ScriptedDay drifting(double share) {
    return new ScriptedDay(perHour, falsePositives, unscored, onset, share, sensitivity);
  }

  /**
   * The same day seen by another detector.
   *
   * @param falsePositives share of the aligned ones that is called drifted
   * @param sensitivity share of the misaligned ones that is
   */
  public ScriptedDay seenBy(double falsePositives, double sensitivity) {
    return new ScriptedDay(perHour, falsePositives, unscored, onset, share, sensitivity);
  }

  /** The same day with so many exchanges in all, about; at least one an hour. */
  public ScriptedDay with(int exchanges) {
    double factor = (double) exchanges / Arrays.stream(perHour).sum();
    int[] scaled =
        Arrays.stream(perHour).map(rate -> Math.max(1, (int) Math.round(rate * factor))).toArray();
    return new ScriptedDay(scaled, falsePositives, unscored, onset, share, sensitivity);
  }

  public ScriptedDay {
    share(falsePositives, "false positives");
    share(unscored, "unscored");
    share(share, "misaligned");
    share(sensitivity, "sensitivity");
    Check.size(HOURS, perHour.length, "hours of a day");
    perHour = perHour.clone();
    for (int rate : perHour) {
      Check.that(rate > 0, "exchanges of an hour", "1 or more", rate, "let some come");
    }
  }

  private static void share(double value, String where) {
    Check.that(value >= 0 && value <= 1, where, "a share from 0 to 1", value, "give it as 0.05");
  }

  @Override
  public int[] perHour() {
    return perHour.clone();
  }

  /** Who sees the day go by. */
  public interface Watcher {
    /**
     * @param misaligned what it was
     * @param seen what became of it, were it not treated
     */
    void exchange(Instant at, boolean misaligned, RateWindow.Kind seen);
  }

  /** Plays the day from midnight to midnight. */
  public void play(long seed, Watcher watcher) {
    Random random = new Random(seed);
    double millis = 0;
    while (true) {
      int hour = (int) (millis / HOUR_MILLIS);
      // StrictMath: the same day on every machine.
      millis -= StrictMath.log(1 - random.nextDouble()) * HOUR_MILLIS / perHour[hour];
      if (millis >= HOURS * HOUR_MILLIS) {
        return;
      }
      boolean misaligned = random.nextDouble() < share && millis >= onset.toMillis();
      watcher.exchange(START.plusMillis((long) millis), misaligned, seen(misaligned, random));
    }
  }

  private RateWindow.Kind seen(boolean misaligned, Random random) {
    boolean lost = random.nextDouble() < unscored;
    boolean flagged = random.nextDouble() < (misaligned ? sensitivity : falsePositives);
    if (lost) {
      return RateWindow.Kind.UNSCORED;
    }
    return flagged ? RateWindow.Kind.DRIFTED : RateWindow.Kind.ALIGNED;
  }
}
