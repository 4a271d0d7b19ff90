package dev.plumbline.dashboards;

import java.util.List;

/**
 * A heading and what is below it.
 *
 * @param title a question
 * @param panels from left to right, wrapped
 */
public record Row(String title, List<Panel> panels) {
  public Row {
    panels = List.copyOf(panels);
  }

  static Row of(String title, Panel... panels) {
    return new Row(title, List.of(panels));
  }
}
