package dev.plumbline.learn.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.stats.Estimate;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A table of a report with what must be known to read it. Cells are texts, numbers or {@link
 * Estimate}s; the same cells become Markdown and JSON. Lists are copied.
 *
 * @param title heading
 * @param notes paragraphs before the table
 * @param columns headings; the first column names the rows
 * @param rows cells, as many as there are columns
 * @param plots drawings of the same data, names distinct within a report
 */
public record Section(
    String title,
    List<String> notes,
    List<String> columns,
    List<List<Object>> rows,
    List<Plot> plots) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public Section {
    notes = List.copyOf(notes);
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    plots = List.copyOf(plots);
    for (List<Object> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "section "
                + title
                + ": wanted "
                + columns.size()
                + " cells, found "
                + row
                + "; fill the row");
      }
    }
  }

  /** A section without plots. */
  public Section(String title, List<String> notes, List<String> columns, List<List<Object>> rows) {
    this(title, notes, columns, rows, List.of());
  }

  /** Heading, notes and table; plots are named. */
  public String markdown() {
    StringBuilder text = new StringBuilder("### " + title + "\n\n");
    notes.forEach(note -> text.append(note).append("\n\n"));
    if (!rows.isEmpty()) {
      text.append(line(columns)).append(line(columns.stream().map(c -> "---").toList()));
      rows.forEach(row -> text.append(line(row.stream().map(Section::cell).toList())));
      text.append('\n');
    }
    plots.forEach(plot -> text.append("Plot: ").append(plot.file()).append("\n\n"));
    return text.toString();
  }

  /** For a terminal. */
  String text() {
    StringBuilder text = new StringBuilder(title + "\n");
    notes.forEach(note -> text.append("  ").append(note).append('\n'));
    if (!rows.isEmpty()) {
      text.append(TextTable.of(columns, rows.stream().map(Section::cells).toList()));
    }
    return text.toString();
  }

  private static List<String> cells(List<Object> row) {
    return row.stream().map(Section::cell).toList();
  }

  private static String line(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** A cell as people read it. */
  static String cell(Object value) {
    if (value instanceof Estimate estimate) {
      return number(estimate.value())
          + estimate
              .interval()
              .map(i -> " [" + number(i.low()) + ", " + number(i.high()) + "]")
              .orElse("")
          + " (n = "
          + estimate.count()
          + ")";
    }
    return value instanceof Double d ? number(d) : String.valueOf(value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.1f" : "%.3f", value);
  }

  /**
   * Title, notes, rows as objects by column (null for what is no number), plots with their data.
   */
  public ObjectNode json() {
    ObjectNode node = MAPPER.createObjectNode().put("title", title);
    notes.forEach(node.putArray("notes")::add);
    ArrayNode all = node.putArray("rows");
    for (List<Object> row : rows) {
      ObjectNode cells = all.addObject();
      for (int i = 0; i < columns.size(); i++) {
        cells.set(key(i), value(row.get(i)));
      }
    }
    ArrayNode drawn = node.putArray("plots");
    plots.forEach(plot -> drawn.add(PlotJson.of(plot)));
    return node;
  }

  /** A column's heading; a second column of one heading is numbered, or it would hide the first. */
  private String key(int column) {
    String name = columns.get(column);
    int before = Collections.frequency(columns.subList(0, column), name);
    return before == 0 ? name : name + " (" + (before + 1) + ")";
  }

  private static JsonNode value(Object cell) {
    if (cell instanceof Double number && !Double.isFinite(number)) {
      return MAPPER.nullNode();
    }
    if (!(cell instanceof Estimate estimate)) {
      return MAPPER.valueToTree(cell);
    }
    ObjectNode node = MAPPER.createObjectNode().put("value", estimate.value());
    estimate.interval().ifPresent(i -> node.put("low", i.low()).put("high", i.high()));
    return node.put("count", estimate.count());
  }
}
