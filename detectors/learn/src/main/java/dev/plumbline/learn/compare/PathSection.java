package dev.plumbline.learn.compare;

import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.List;

/** {@link TrainingPath} as a table and drawings. */
final class PathSection {
  private PathSection() {}

  /** Of turns over {@code k} snapshots either way, both longer than {@code threshold}. */
  static Section of(TrainingPath path, int k, double threshold) {
    List<TrainingPath.Turn> turns = path.turns(k, threshold);
    List<List<Object>> rows =
        turns.stream().map(turn -> List.<Object>of(turn.step(), turn.cosine())).toList();
    String found =
        path.sharpest(k, threshold)
            .map(
                turn ->
                    "Sharpest turn at step "
                        + turn.step()
                        + ", local cosine "
                        + Rounded.of(turn.cosine())
                        + " (−1 is straight on).")
            .orElse("No snapshot has steps longer than the threshold: nothing can be said.");
    Components components = Components.of(path.gram());
    return new Section(
        "The path of training",
        List.of(
            found,
            "Steps of "
                + k
                + " snapshots, both longer than "
                + Rounded.of(threshold)
                + "; two components carry "
                + Rounded.of(100 * components.share(2))
                + " % of the path."),
        List.of("step", "local cosine"),
        rows,
        plots(path, turns, components));
  }

  private static List<Plot> plots(
      TrainingPath path, List<TrainingPath.Turn> turns, Components components) {
    List<Plot> plots = new ArrayList<>();
    double[] steps = path.steps().stream().mapToDouble(step -> step).toArray();
    plots.add(
        new Plot.Lines(
            "path-norm",
            "Norm along training",
            "step",
            "‖B‖",
            List.of(new Series("B", steps, path.norms()))));
    if (!turns.isEmpty()) {
      plots.add(
          new Plot.Lines(
              "path-turn",
              "Local cosine along training",
              "step",
              "cosine",
              List.of(
                  new Series(
                      "turn",
                      turns.stream().mapToDouble(TrainingPath.Turn::step).toArray(),
                      turns.stream().mapToDouble(TrainingPath.Turn::cosine).toArray()))));
    }
    if (components.shares().size() > 1) {
      plots.add(
          new Plot.Points(
              "path-components",
              "The path in its first two components",
              "first",
              "second",
              List.of(
                  new Series(
                      "snapshots",
                      components.coordinates().stream().mapToDouble(c -> c.get(0)).toArray(),
                      components.coordinates().stream().mapToDouble(c -> c.get(1)).toArray()))));
    }
    return plots;
  }
}
