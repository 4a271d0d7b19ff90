package dev.plumbline.dashboards;

import java.util.List;

/**
 * A dashboard.
 *
 * @param uid fixed, for links
 * @param title on its head
 * @param description who looks at it, when
 * @param variables beside the data source, in order
 * @param rows from above
 */
public record Dashboard(
    String uid, String title, String description, List<Variable> variables, List<Row> rows) {

  public Dashboard {
    variables = List.copyOf(variables);
    rows = List.copyOf(rows);
  }

  /**
   * A choice a person makes, of the values of a label.
   *
   * @param name as queries write it after a dollar
   * @param label before the field
   * @param query {@code label_values(METRIC, LABEL)}
   */
  public record Variable(String name, String label, String query) {}
}
