package dev.plumbline.learn.mitigate;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.report.Alert;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a sweep chose, and what the chosen setting does where it was not chosen.
 *
 * @param before nothing done
 * @param after the chosen setting; empty where none was fit
 * @param random random directions in its place, counted together; empty likewise
 */
record Findings(
    String direction,
    Pareto pareto,
    Optional<Setting> chosen,
    Evidence before,
    Optional<Evidence> after,
    Optional<Evidence> random,
    Rates rates) {

  /** How much less misaligned the chosen setting leaves than the random control does. */
  Optional<Estimate> beyondRandom() {
    return after.flatMap(
        mine -> random.flatMap(other -> rates.change(other.misaligned(), mine.misaligned())));
  }

  /**
   * Alarms: nothing fit to be chosen, the control as good, a bound missed. A bound is met by a
   * whole interval.
   */
  List<Alert> alarms(double mostKl, double mostMisaligned) {
    List<Alert> alarms = new ArrayList<>();
    if (after.isEmpty()) {
      alarms.add(
          new Alert(
              direction,
              "nothing_chosen",
              pareto.points().stream().mapToDouble(p -> p.incoherent().value()).min().orElse(0),
              pareto.before().value(),
              "No setting keeps answers coherent within the bound on KL; nothing was chosen."));
      return alarms;
    }
    Figures figures = Figures.of(after.get(), rates);
    Figures control = Figures.of(random.orElseThrow(), rates);
    if (beyondRandom().isEmpty() || beyondRandom().get().high() >= 0) {
      alarms.add(
          new Alert(
              direction,
              "random_as_good",
              figures.misaligned().orElseThrow().value(),
              control.misaligned().orElseThrow().value(),
              "A random direction taken out the same way leaves as few misaligned answers, as far"
                  + " as these answers can tell."));
    }
    bound(alarms, "most_misaligned", figures.misaligned(), mostMisaligned, "misaligned answers");
    bound(alarms, "most_kl", figures.kl(), mostKl, "KL a token");
    return alarms;
  }

  private void bound(
      List<Alert> alarms, String kind, Optional<Estimate> found, double most, String what) {
    double high = found.orElseThrow().high();
    if (high > most) {
      alarms.add(
          new Alert(
              direction,
              kind,
              most,
              high,
              "The interval of %s reaches %.4g, above the bound %.4g."
                  .formatted(what, high, most)));
    }
  }
}
