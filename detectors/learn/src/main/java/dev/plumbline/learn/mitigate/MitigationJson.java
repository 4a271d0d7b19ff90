package dev.plumbline.learn.mitigate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import java.util.Optional;

/**
 * The members that {@code --json} promises: {@code before}, {@code after}, {@code random_control},
 * each {@code misaligned}, {@code incoherent}, {@code kl_per_token}, {@code accuracy} and more as
 * numbers, {@code NAME_interval} and {@code NAME_count} beside them; null where not measured.
 */
final class MitigationJson {
  private MitigationJson() {}

  static ObjectNode put(ObjectNode report, Findings findings) {
    put(report.putObject("before"), findings.before(), findings.rates());
    put(report, "after", findings.after(), findings.rates());
    put(report, "random_control", findings.random(), findings.rates());
    findings
        .chosen()
        .ifPresentOrElse(
            chosen ->
                report
                    .putObject("chosen")
                    .put("kind", chosen.kind().text())
                    .put(chosen.kind().ablates() ? "strength" : "deviations", chosen.amount())
                    .put("layers", chosen.layers().name()),
            () -> report.putNull("chosen"));
    pareto(report.putArray("pareto"), findings);
    return report;
  }

  private static void put(ObjectNode to, String name, Optional<Evidence> found, Rates rates) {
    found.ifPresentOrElse(each -> put(to.putObject(name), each, rates), () -> to.putNull(name));
  }

  private static void put(ObjectNode node, Evidence evidence, Rates rates) {
    Figures.of(evidence, rates).named().forEach((name, figure) -> put(node, name, figure));
    node.put("answers", evidence.answers()).put("unscored", evidence.unscored());
  }

  private static void put(ObjectNode node, String name, Optional<Estimate> figure) {
    if (figure.isEmpty()) {
      node.putNull(name);
      return;
    }
    Estimate found = figure.get();
    node.put(name, found.value());
    Optional<Interval> interval = found.interval();
    if (interval.isPresent()) {
      node.putArray(name + "_interval").add(interval.get().low()).add(interval.get().high());
    } else {
      node.putNull(name + "_interval");
    }
    node.put(name + "_count", found.count());
  }

  private static void pareto(ArrayNode to, Findings findings) {
    for (Pareto.Point point : findings.pareto().points()) {
      ObjectNode node = to.addObject().put("setting", point.name());
      put(node, "misaligned", Optional.of(point.misaligned()));
      put(node, "incoherent", Optional.of(point.incoherent()));
      put(node, "kl_per_token", Optional.of(point.cost()));
      node.put("front", findings.pareto().front(point));
      node.put("breaks_coherence", findings.pareto().breaks(point));
    }
  }
}
