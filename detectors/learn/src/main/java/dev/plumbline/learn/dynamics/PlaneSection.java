package dev.plumbline.learn.dynamics;

import dev.plumbline.learn.dynamics.CheckpointReading.Plane;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The information plane: trajectories of each layer, curves over checkpoints, ends and nulls. */
final class PlaneSection {
  private static final int MOST_LAYERS = 8;

  private final Trajectories series;

  PlaneSection(Trajectories series) {
    this.series = series;
  }

  Section section() {
    List<Plot> plots = new ArrayList<>();
    plots.add(
        curves("information-input", "I(T;X) / ceiling", p -> p.withInput() / p.inputCeiling()));
    plots.add(
        curves("information-label", "I(T;Y) / ceiling", p -> p.withLabel() / p.labelCeiling()));
    List<List<Object>> rows = new ArrayList<>();
    for (int k = 0; k < series.dimensions().size(); k++) {
      plots.add(plane(k));
      for (CheckpointReading reading : List.of(series.readings().get(0), series.last())) {
        rows.add(row(k, reading));
      }
    }
    return new Section(
        "Information plane",
        List.of(
            "Normalised HSIC, σ = 50, ε = 1e-5, closed form, on standardised training rows at the"
                + " last token; mean over layers but the first block, whose output is X. Ceilings:"
                + " the lesser trace of R; chance of I(T;X): the exact mean over permuted rows;"
                + " null of I(T;Y): labels permuted as the groups allow."),
        List.of(
            "dimension",
            "step",
            "I(T;X)",
            "its ceiling",
            "its chance",
            "I(T;Y)",
            "its ceiling ",
            "its null",
            "null, 95th percentile"),
        rows,
        plots);
  }

  private List<Object> row(int k, CheckpointReading reading) {
    List<Object> row = new ArrayList<>();
    row.add(name(k));
    row.add(reading.step());
    List<ToDoubleFunction<Plane>> columns =
        List.of(
            Plane::withInput,
            Plane::inputCeiling,
            Plane::inputChance,
            Plane::withLabel,
            Plane::labelCeiling,
            Plane::labelNull,
            Plane::labelNullHigh);
    columns.forEach(column -> row.add(number(series.plane(reading, new int[] {k}, column))));
    return row;
  }

  /** A text where only the first block was read. */
  private static Object number(double value) {
    return Double.isNaN(value) ? "none" : (Object) value;
  }

  private String name(int dimension) {
    return series.dimensions().get(dimension).dimension().name();
  }

  private Plot curves(String name, String label, ToDoubleFunction<Plane> value) {
    double[] steps = series.readings().stream().mapToDouble(CheckpointReading::step).toArray();
    List<Series> curves = new ArrayList<>();
    for (int k = 0; k < series.dimensions().size(); k++) {
      int[] one = {k};
      double[] values =
          series.readings().stream().mapToDouble(r -> series.plane(r, one, value)).toArray();
      curves.add(new Series(name(k), steps, values));
    }
    return new Plot.Lines(name, label + ", mean over layers", "step", label, curves);
  }

  private Plot plane(int dimension) {
    List<Integer> all = series.layers();
    List<Series> points = new ArrayList<>();
    int apart = Math.max(1, (all.size() + MOST_LAYERS - 1) / MOST_LAYERS);
    for (int i = 0; i < all.size(); i += apart) {
      points.add(trajectory(dimension, i));
    }
    return new Plot.Points(
        "plane-" + name(dimension),
        "Information plane over training: " + name(dimension),
        "I(T;X) / ceiling",
        "I(T;Y) / ceiling",
        points);
  }

  private Series trajectory(int dimension, int layer) {
    List<Plane> planes =
        series.readings().stream()
            .map(reading -> reading.dimensions().get(dimension).plane().get(layer))
            .toList();
    return new Series(
        "layer " + series.layers().get(layer),
        planes.stream().mapToDouble(p -> p.withInput() / p.inputCeiling()).toArray(),
        planes.stream().mapToDouble(p -> p.withLabel() / p.labelCeiling()).toArray());
  }
}
