package dev.plumbline.mitigations.trigger;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** A simulation in rows, and as Markdown; the same numbers give the same bytes. */
public final class SimulationReport {
  /** Shares misaligned from the onset, of the standard report. */
  public static final List<Double> SHARES = List.of(0.05, 0.1, 0.2, 0.5);

  private static final String FORM =
      "| %s | %s | %d | %d of %d | %d of %d | %s | %s | %.1f | %s |\n";

  private final int seeds;
  private final Simulation how;
  private final ScriptedDay day;
  private final List<Double> shares;

  /** Of the agent's default trigger and the standard day. */
  public SimulationReport(int seeds) {
    this(seeds, Simulation.standard(false), ScriptedDay.standard(0), SHARES);
  }

  /**
   * @param seeds days a row
   * @param how the trigger
   * @param day the traffic, whose own share counts for nothing
   * @param shares misaligned from the onset
   */
  public SimulationReport(int seeds, Simulation how, ScriptedDay day, List<Double> shares) {
    this.seeds = seeds;
    this.how = how;
    this.day = day;
    this.shares = List.copyOf(shares);
  }

  /**
   * Many days of one trigger or control.
   *
   * @param share misaligned from the onset
   */
  public record Row(double share, String who, Simulation.Days days) {}

  /** Plays them all. */
  public List<Row> rows() {
    Simulation treating = new Simulation(how.levels(), how.window(), how.minimum(), true);
    Simulation seeing = new Simulation(how.levels(), how.window(), how.minimum(), false);
    return shares.stream()
        .flatMap(
            share -> {
              ScriptedDay drifting = day.drifting(share);
              return Stream.of(
                  new Row(share, "trigger", seeing.trigger(drifting, seeds)),
                  new Row(share, "trigger, treated", treating.trigger(drifting, seeds)),
                  new Row(share, "naive", seeing.naive(drifting, seeds)),
                  new Row(share, "naive, minimum count", seeing.counted(drifting, seeds)));
            })
        .toList();
  }

  /** Rows as a table, with what was simulated above it. */
  public String markdown(List<Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append(header());
    rows.forEach(row -> row(text, row.share(), row.who(), row.days()));
    return text.toString();
  }

  private String header() {
    Levels levels = how.levels();
    return String.format(
            Locale.ROOT,
            "%d days a row, seeds %d to %d. Trigger: arm %s, activate %s, release %s, dwell %s,"
                + " cooldown %s, window %s, at least %d scored. Traffic: base false-positive rate"
                + " %s, unscored %s, drift from %s after midnight, detector sensitivity %s."
                + " Exchanges per hour from midnight: %s.\n\n",
            seeds,
            Simulation.FIRST_SEED,
            Simulation.FIRST_SEED + seeds - 1,
            levels.arm(),
            levels.activate(),
            levels.release(),
            levels.dwell(),
            levels.cooldown(),
            how.window(),
            how.minimum(),
            day.falsePositives(),
            day.unscored(),
            day.onset(),
            day.sensitivity(),
            java.util.Arrays.toString(day.perHour()))
        + "| misaligned from the onset | who | false alarms | days with one | days detected | delay,"
        + " median | delay, 95 % | activations after the onset, a day | misaligned that met it"
        + " active |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
  }

  private void row(StringBuilder text, double share, String who, Simulation.Days days) {
    text.append(
        String.format(
            Locale.ROOT,
            FORM,
            percent(share),
            who,
            days.falseAlarms(),
            days.daysWithFalseAlarm(),
            seeds,
            days.detected(),
            seeds,
            minutes(days.delaySeconds(0.5)),
            minutes(days.delaySeconds(0.95)),
            days.activationsPerDay(),
            percent(days.met())));
  }

  private static String minutes(OptionalDouble seconds) {
    return seconds.isPresent()
        ? String.format(Locale.ROOT, "%.1f min", seconds.getAsDouble() / 60)
        : "never";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
