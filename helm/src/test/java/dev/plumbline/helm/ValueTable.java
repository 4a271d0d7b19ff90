package dev.plumbline.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the sentences of values.yaml: {@code # --} on the line above a value is its description.
 *
 * @param rows the described values in their order
 * @param undescribed leaves without a sentence of their own or of a value around them
 */
record ValueTable(List<Row> rows, List<String> undescribed) {
  private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z]\\w*):.*$");
  private static final String SENTENCE = "# -- ";

  record Row(String path, JsonNode value, String sentence) {}

  static ValueTable read(String yaml) {
    JsonNode values = Manifests.read(yaml);
    List<Row> rows = new ArrayList<>();
    List<String> undescribed = new ArrayList<>();
    List<String> path = new ArrayList<>();
    int described = Integer.MAX_VALUE;
    String sentence = null;
    for (String line : yaml.lines().toList()) {
      Matcher key = KEY.matcher(line);
      if (line.strip().startsWith(SENTENCE)) {
        sentence = line.strip().substring(SENTENCE.length());
      } else if (key.matches()) {
        int depth = key.group(1).length() / 2;
        if (depth > described) {
          continue;
        }
        described = Integer.MAX_VALUE;
        path = new ArrayList<>(path.subList(0, depth));
        path.add(key.group(2));
        String dotted = String.join(".", path);
        JsonNode value = values.at("/" + String.join("/", path));
        if (sentence != null) {
          rows.add(new Row(dotted, value, sentence));
          described = depth;
        } else if (!value.isObject() || value.isEmpty()) {
          undescribed.add(dotted);
        }
        sentence = null;
      }
    }
    return new ValueTable(rows, undescribed);
  }

  /** As Markdown. */
  String table() {
    StringBuilder table =
        new StringBuilder("| value | default | what it is |\n| --- | --- | --- |\n");
    for (Row row : rows) {
      String shown = row.value().toString();
      table.append(
          "| `%s` | `%s` | %s |\n"
              .formatted(row.path(), shown, row.sentence().replace("|", "\\|")));
    }
    return table.toString();
  }
}
