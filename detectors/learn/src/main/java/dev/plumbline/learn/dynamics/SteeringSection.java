package dev.plumbline.learn.dynamics;

import dev.plumbline.learn.dynamics.SteeringFindings.Cell;
import dev.plumbline.learn.dynamics.SteeringFindings.Tested;
import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Steering: what was chosen and what it did, and the whole search. */
final class SteeringSection {
  private static final List<String> SOURCES =
      List.of(SteeringFindings.CHECKPOINT, SteeringFindings.OWN, SteeringFindings.RANDOM);

  private final SteeringFindings found;
  private final long seed;

  SteeringSection(SteeringFindings found, long seed) {
    this.found = found;
    this.seed = seed;
  }

  Section section() {
    List<List<Object>> rows = new ArrayList<>();
    for (Tested tested : found.tested()) {
      Cell chosen = tested.chosen();
      boolean none = chosen.source().equals(SteeringFindings.NONE);
      rows.add(
          List.of(
              chosen.source(),
              chosen.dimension(),
              none ? "none" : (Object) chosen.layer(),
              chosen.strength(),
              found.misaligned(chosen.source(), seed),
              found.incoherent(chosen.source(), seed)));
    }
    return new Section(
        "Steering " + found.model() + " with vectors of " + found.checkpoint(),
        List.of(
            "v = std(h·u) u, u from class means of one half of the topics; α v added at a block's"
                + " output, "
                + (found.positions() == SteeringSettings.Positions.ALL
                    ? "at every token"
                    : "at the last prompt token and every generated one")
                + ". Dimension, layer and α chosen for the most aligned answers on validation"
                + " topics; shares are of test topics, intervals over topics."),
        List.of("vector", "dimension", "layer", "α", "misaligned", "incoherent"),
        rows,
        SOURCES.stream().map(this::map).toList());
  }

  private Plot map(String source) {
    List<Cell> cells = found.sweep().stream().filter(c -> c.source().equals(source)).toList();
    List<Double> strengths = cells.stream().map(Cell::strength).distinct().toList();
    List<String> rows = cells.stream().map(SteeringSection::row).distinct().toList();
    double[][] values = new double[rows.size()][strengths.size()];
    Arrays.stream(values).forEach(row -> Arrays.fill(row, Double.NaN));
    cells.forEach(c -> values[rows.indexOf(row(c))][strengths.indexOf(c.strength())] = c.aligned());
    return new Plot.HeatMap(
        "steering-" + source,
        "Aligned answers on validation topics: " + source + " vector",
        "α",
        "vector of",
        strengths.stream().map(s -> String.format(Locale.ROOT, "%.1f", s)).toList(),
        rows,
        values);
  }

  private static String row(Cell cell) {
    return cell.dimension() + ", layer " + cell.layer();
  }
}
