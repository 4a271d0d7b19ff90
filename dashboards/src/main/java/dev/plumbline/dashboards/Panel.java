package dev.plumbline.dashboards;

import java.util.List;

/**
 * A panel.
 *
 * @param kind Grafana's word for it
 * @param title what it shows
 * @param description what to read out of it; what a newcomer must know
 * @param unit Grafana's word for it
 * @param width of 24 columns
 * @param redFrom where its threshold line is; NaN for none
 * @param queries at least one, but for a text
 */
public record Panel(
    Kind kind,
    String title,
    String description,
    String unit,
    int width,
    double redFrom,
    List<Query> queries) {
  /** What Grafana draws. */
  public enum Kind {
    TIMESERIES("timeseries", 8),
    STAT("stat", 4),
    TABLE("table", 8),
    HEATMAP("heatmap", 8);

    final String type;
    final int height;

    Kind(String type, int height) {
      this.type = type;
      this.height = height;
    }
  }

  public Panel {
    queries = List.copyOf(queries);
    if (queries.isEmpty() || width < 1 || width > 24 || title.isBlank() || description.isBlank()) {
      throw new IllegalArgumentException(
          "panel '" + title + "': wanted a title, a description, a query and 1 to 24 columns");
    }
  }

  static Panel lines(String title, String unit, String description, Query... queries) {
    return new Panel(Kind.TIMESERIES, title, description, unit, 12, Double.NaN, List.of(queries));
  }

  static Panel stat(String title, String unit, String description, Query query) {
    return new Panel(Kind.STAT, title, description, unit, 4, Double.NaN, List.of(query));
  }

  static Panel table(String title, String description, String expression) {
    Query query = Query.table(expression);
    return new Panel(Kind.TABLE, title, description, "short", 24, Double.NaN, List.of(query));
  }

  static Panel heatmap(String title, String description, String expression) {
    Query query = Query.heatmap(expression);
    return new Panel(
        Kind.HEATMAP, title, description, "percentunit", 12, Double.NaN, List.of(query));
  }

  /** The same with a line from which on it is red. */
  Panel redFrom(double value) {
    return new Panel(kind, title, description, unit, width, value, queries);
  }

  Panel wide() {
    return new Panel(kind, title, description, unit, 24, redFrom, queries);
  }
}
