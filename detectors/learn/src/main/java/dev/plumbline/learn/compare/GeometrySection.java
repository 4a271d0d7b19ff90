package dev.plumbline.learn.compare;

import dev.plumbline.learn.report.Plot;
import dev.plumbline.learn.report.Section;
import dev.plumbline.learn.report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Cosines and principal components of solutions. */
final class GeometrySection {
  private GeometrySection() {}

  /**
   * @param what the inner products are of, such as {@code BA}
   * @param name of the plots, {@code [a-z0-9-]+}
   */
  static Section of(Gram gram, String what, String name) {
    double[][] cosines = gram.cosines();
    List<String> columns = new ArrayList<>(List.of("solution"));
    columns.addAll(gram.names());
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < gram.size(); i++) {
      List<Object> row = new ArrayList<>(List.of(gram.names().get(i)));
      for (double cosine : cosines[i]) {
        row.add(cosine);
      }
      rows.add(row);
    }
    Components components = Components.of(gram);
    return new Section(
        "Cosines and components of " + what,
        List.of(note(components)),
        columns,
        rows,
        plots(gram, components, what, name));
  }

  private static List<Plot> plots(Gram gram, Components components, String what, String name) {
    List<Plot> plots = new ArrayList<>();
    plots.add(
        new Plot.HeatMap(
            "cosines-" + name,
            "Cosines of " + what,
            "",
            "",
            gram.names(),
            gram.names(),
            gram.cosines()));
    if (components.shares().size() > 1) {
      plots.add(scatter(components, what, name));
    }
    return plots;
  }

  private static Plot scatter(Components components, String what, String name) {
    List<Series> points =
        IntStream.range(0, components.names().size())
            .mapToObj(
                i ->
                    new Series(
                        components.names().get(i),
                        new double[] {components.coordinates().get(i).get(0)},
                        new double[] {components.coordinates().get(i).get(1)}))
            .toList();
    return new Plot.Points(
        "components-" + name,
        "Principal components of " + what,
        "first, " + percent(components.shares().get(0)),
        "second, " + percent(components.shares().get(1)),
        points);
  }

  private static String note(Components components) {
    if (components.shares().isEmpty()) {
      return "The solutions do not differ.";
    }
    List<String> shares =
        components.shares().stream().limit(5).map(GeometrySection::percent).toList();
    return "Shares of the variance about the mean: " + String.join(", ", shares) + ".";
  }

  private static String percent(double share) {
    return String.format(java.util.Locale.ROOT, "%.1f %%", 100 * share);
  }
}
