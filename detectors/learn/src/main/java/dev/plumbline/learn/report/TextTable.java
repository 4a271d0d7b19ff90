package dev.plumbline.learn.report;

import java.util.List;

/** A table in columns of equal width, for terminals. */
final class TextTable {
  private static final int WIDEST = 60;

  private TextTable() {}

  static String of(List<String> columns, List<List<String>> rows) {
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = columns.get(c).length();
      for (List<String> row : rows) {
        widths[c] = Math.max(widths[c], Math.min(WIDEST, row.get(c).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, columns, widths);
    for (List<String> row : rows) {
      line(text, row, widths);
    }
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder("  ");
    for (int c = 0; c < widths.length; c++) {
      String cell = cells.get(c).replace('\n', ' ');
      String fits = cell.length() > WIDEST ? cell.substring(0, WIDEST - 1) + "…" : cell;
      line.append(fits).append(" ".repeat(widths[c] - fits.length() + 2));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
