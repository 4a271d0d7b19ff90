package dev.plumbline.mitigations.trigger;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A simulation as Markdown; the same numbers give the same bytes. */
public final class SimulationReport {
  private static final List<Double> SHARES = List.of(0.05, 0.1, 0.2, 0.5);
  private static final String FORM =
      "| %s | %s | %d | %d of %d | %d of %d | %s | %s | %.1f | %s |\n";

  private final int seeds;

  /**
   * @param seeds days a row
   */
  public SimulationReport(int seeds) {
    this.seeds = seeds;
  }

  /** All of it. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(header());
    for (double share : SHARES) {
      ScriptedDay day = ScriptedDay.standard(share);
      Simulation seen = Simulation.standard(false);
      row(text, share, "trigger", seen.trigger(day, seeds));
      row(text, share, "trigger, treated", Simulation.standard(true).trigger(day, seeds));
      row(text, share, "naive", seen.naive(day, seeds));
      row(text, share, "naive, minimum count", seen.counted(day, seeds));
    }
    return text.toString();
  }

  private String header() {
    Simulation how = Simulation.standard(false);
    ScriptedDay day = ScriptedDay.standard(0);
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
