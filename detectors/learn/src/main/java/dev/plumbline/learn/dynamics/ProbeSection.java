package dev.plumbline.learn.dynamics;

import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.List;

/** Probe accuracy: heat maps layer × checkpoint, and curves over checkpoints. */
final class ProbeSection {
  private final Trajectories series;

  ProbeSection(Trajectories series) {
    this.series = series;
  }

  Section section() {
    List<Plot> plots = new ArrayList<>();
    plots.add(curves());
    List<List<Object>> rows = new ArrayList<>();
    for (int k = 0; k < series.dimensions().size(); k++) {
      plots.add(map(k));
      for (Pooling pooling : Pooling.values()) {
        rows.add(row(k, pooling));
      }
    }
    List<String> columns = new ArrayList<>(List.of("dimension", "state"));
    series.layers().forEach(layer -> columns.add("layer " + layer));
    return new Section(
        "Linear probes",
        List.of(
            "At the last checkpoint; every checkpoint is in the heat maps (last token). Logistic"
                + " regression on block outputs, standardised on training rows alone."),
        columns,
        rows,
        plots);
  }

  private List<Object> row(int dimension, Pooling pooling) {
    List<Object> row = new ArrayList<>();
    row.add(name(dimension));
    row.add(pooling == Pooling.LAST ? "last token" : "mean");
    for (int layer : series.layers()) {
      row.add(series.accuracy(series.last(), dimension, layer, pooling));
    }
    return row;
  }

  private String name(int dimension) {
    return series.dimensions().get(dimension).dimension().name();
  }

  private Plot map(int dimension) {
    List<String> checkpoints =
        series.readings().stream().map(reading -> Long.toString(reading.step())).toList();
    double[][] values = new double[series.layers().size()][checkpoints.size()];
    for (int i = 0; i < values.length; i++) {
      for (int c = 0; c < checkpoints.size(); c++) {
        int layer = series.layers().get(i);
        values[i][c] =
            series.accuracy(series.readings().get(c), dimension, layer, Pooling.LAST).value();
      }
    }
    return new Plot.HeatMap(
        "probe-" + name(dimension),
        "Probe accuracy: " + name(dimension),
        "step",
        "layer",
        checkpoints,
        series.layers().stream().map(String::valueOf).toList(),
        values);
  }

  private Plot curves() {
    List<Series> curves = new ArrayList<>();
    for (int k = 0; k < series.dimensions().size(); k++) {
      curves.add(curve(k));
    }
    return new Plot.Lines(
        "probes-over-training",
        "Probe accuracy at the layer that is best in the end",
        "step",
        "accuracy",
        curves);
  }

  private Series curve(int dimension) {
    int layer = series.best(series.last(), dimension);
    int n = series.readings().size();
    double[][] values = new double[4][n];
    for (int c = 0; c < n; c++) {
      CheckpointReading reading = series.readings().get(c);
      Estimate accuracy = series.accuracy(reading, dimension, layer, Pooling.LAST);
      values[0][c] = reading.step();
      values[1][c] = accuracy.value();
      values[2][c] = accuracy.low();
      values[3][c] = accuracy.high();
    }
    String name = name(dimension) + ", layer " + layer;
    return new Series(name, values[0], values[1], values[2], values[3]);
  }
}
