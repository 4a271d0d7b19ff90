package dev.plumbline.learn.compare;

import dev.plumbline.core.stats.UnitBootstrap;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.List;
import java.util.stream.IntStream;

/** {@link Efficiency} as a table and two drawings. */
final class EfficiencySection {
  private EfficiencySection() {}

  static Section of(Efficiency efficiency, UnitBootstrap over) {
    int atMean = efficiency.shares().indexOf(1.0);
    List<List<Object>> rows =
        efficiency.curves().stream()
            .map(
                curve ->
                    List.<Object>of(
                        curve.name(),
                        curve.role().name().toLowerCase(java.util.Locale.ROOT),
                        curve.norm(),
                        over.estimate(curve.scaled().get(curve.scales().indexOf(1.0))::mean),
                        efficiency.lossPerNorm(curve, over),
                        efficiency.reduction(curve, atMean, over)))
            .toList();
    return new Section(
        "Efficiency: loss on the task against norm",
        List.of(
            "Loss of the bare model "
                + Rounded.of(efficiency.base().mean())
                + " nats a token; mean norm of the trained solutions "
                + Rounded.of(efficiency.meanNorm())
                + ". A random direction of the general solution's norm stands beside."),
        List.of("solution", "role", "norm", "loss", "loss / norm²", "reduction at the mean norm"),
        rows,
        List.of(byNorm(efficiency, over), byScale(efficiency, over)));
  }

  private static Plot byNorm(Efficiency efficiency, UnitBootstrap over) {
    double[] norms =
        efficiency.shares().stream().mapToDouble(s -> s * efficiency.meanNorm()).toArray();
    return new Plot.Lines(
        "efficiency-norm",
        "Loss at equal norm",
        "norm",
        "nats a token",
        efficiency.curves().stream()
            .map(curve -> series(curve.name(), norms, curve.matched(), over))
            .toList());
  }

  private static Plot byScale(Efficiency efficiency, UnitBootstrap over) {
    return new Plot.Lines(
        "efficiency-scale",
        "Loss of each solution, scaled",
        "times the solution",
        "nats a token",
        efficiency.curves().stream()
            .map(
                curve ->
                    series(
                        curve.name(),
                        curve.scales().stream().mapToDouble(c -> c).toArray(),
                        curve.scaled(),
                        over))
            .toList());
  }

  /** Means with bands. */
  static Series series(String name, double[] x, List<PerText> values, UnitBootstrap over) {
    var estimates = values.stream().map(each -> over.estimate(each::mean)).toList();
    return new Series(
        name,
        x,
        IntStream.range(0, x.length).mapToDouble(i -> estimates.get(i).value()).toArray(),
        IntStream.range(0, x.length).mapToDouble(i -> estimates.get(i).low()).toArray(),
        IntStream.range(0, x.length).mapToDouble(i -> estimates.get(i).high()).toArray());
  }
}
