package dev.plumbline.dashboards;

import java.util.Objects;

/**
 * One query of a panel.
 *
 * @param expression PromQL, with Grafana's variables
 * @param legend of its series, with labels in double braces
 * @param form what Grafana makes of the answer
 */
public record Query(String expression, String legend, Form form) {
  /** How an answer is read. */
  public enum Form {
    /** Values over time, with exemplars where there are any. */
    RANGE,
    /** The values now, as a table. */
    TABLE,
    /** Buckets of a histogram over time. */
    HEATMAP
  }

  public Query {
    Objects.requireNonNull(expression, "expression");
    Objects.requireNonNull(legend, "legend");
    Objects.requireNonNull(form, "form");
  }

  static Query of(String legend, String expression) {
    return new Query(expression, legend, Form.RANGE);
  }

  static Query table(String expression) {
    return new Query(expression, "", Form.TABLE);
  }

  static Query heatmap(String expression) {
    return new Query(expression, "{{le}}", Form.HEATMAP);
  }
}
