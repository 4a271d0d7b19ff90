package dev.plumbline.learn.compare;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.UnitBootstrap;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.List;
import java.util.stream.IntStream;

/** {@link Stability} as a table and a drawing. */
final class StabilitySection {
  private static final List<Double> SHOWN = List.of(0.1, 0.3, 0.5, 1.0);

  private StabilitySection() {}

  static Section of(Stability stability, UnitBootstrap over) {
    List<List<Object>> rows =
        stability.curves().stream().map(curve -> row(stability, curve, over)).toList();
    return new Section(
        "Stability: what a random turn costs",
        List.of(
            "Per cent of the loss reduction that is lost when A and B (or v) are turned by ε at"
                + " constant norm; 100 is the bare model. Intervals over the turns.",
            stability.withoutGain().isEmpty()
                ? "Every solution loses less than the bare model."
                : "Without a gain to lose, so not measured: "
                    + String.join(", ", stability.withoutGain())
                    + "."),
        List.of("solution", "loss", "ε = 0.1", "ε = 0.3", "ε = 0.5", "ε = 1", "mean, ε ≤ 0.5"),
        rows,
        plots(stability, over));
  }

  private static List<Plot> plots(Stability stability, UnitBootstrap over) {
    return stability.curves().isEmpty()
        ? List.of()
        : List.of(
            new Plot.Lines(
                "stability",
                "Degradation under a turn that keeps the norm",
                "ε",
                "per cent of the gain lost",
                stability.curves().stream().map(c -> series(stability, c, over)).toList()));
  }

  private static List<Object> row(Stability stability, Stability.Curve curve, UnitBootstrap over) {
    List<Object> row = new java.util.ArrayList<>(List.of(curve.name(), curve.loss()));
    for (double epsilon : SHOWN) {
      row.add(stability.degradation(curve, stability.epsilons().indexOf(epsilon), over));
    }
    row.add(stability.degradation(curve, over));
    return row;
  }

  private static Series series(Stability stability, Stability.Curve curve, UnitBootstrap over) {
    List<Estimate> estimates =
        IntStream.range(0, stability.epsilons().size())
            .mapToObj(e -> stability.degradation(curve, e, over))
            .toList();
    return new Series(
        curve.name(),
        stability.epsilons().stream().mapToDouble(e -> e).toArray(),
        estimates.stream().mapToDouble(Estimate::value).toArray(),
        estimates.stream().mapToDouble(Estimate::low).toArray(),
        estimates.stream().mapToDouble(Estimate::high).toArray());
  }
}
