package dev.plumbline.agent.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every setting as a page for people, made from {@link Key} and {@link Family}. */
public final class Reference {
  private static final String HEAD =
      """
      # Configuration

      Made by `plumbline config reference`; a test holds it to the code.

      A YAML or JSON file (`--config FILE`), the environment, flags (`--set KEY=VALUE`); later wins. In a file nested objects and
      dotted keys mean the same. The environment's name of a key is `PLUMBLINE_` and the key in capitals with `_` for `.` and `-`:
      `origin.connect-timeout` is `PLUMBLINE_ORIGIN_CONNECT_TIMEOUT`. An unknown key is a mistake, and all mistakes are told at once:
      `plumbline config check FILE`. A reload changes the keys marked *live*; the others need a restart.
      """;

  private Reference() {}

  /**
   * One setting, or one family of settings with {@code NAME} in its key.
   *
   * @param group what its key begins with
   * @param fallback as one would write it
   * @param wanted what values are allowed
   */
  record Row(
      String group,
      String key,
      Optional<String> fallback,
      ValueType type,
      Change change,
      String help) {
    static Row of(Key key) {
      return new Row(
          group(key.key()), key.key(), key.fallback(), key.type(), key.change(), key.help());
    }

    static Row of(Family family) {
      String key = family.key("NAME");
      return new Row(
          group(key), key, Optional.empty(), family.type(), family.change(), family.help());
    }

    /** Keys of one word stand together at the top. */
    private static String group(String key) {
      int dot = key.indexOf('.');
      return dot < 0 ? "" : key.substring(0, dot);
    }

    private String line() {
      return "| `%s` | %s | %s | %s | %s |"
          .formatted(
              key,
              fallback.map(text -> "`" + text + "`").orElse(""),
              cell(type.wanted()),
              change == Change.LIVE ? "live" : "",
              cell(help));
    }

    private static String cell(String text) {
      return text.replace("|", "\\|");
    }
  }

  /** All of them: first the keys, in the order of the code, then the families. */
  static List<Row> rows() {
    List<Row> rows = new ArrayList<>(Arrays.stream(Key.values()).map(Row::of).toList());
    Arrays.stream(Family.values()).map(Row::of).forEach(rows::add);
    return rows;
  }

  /** The page, in Markdown. */
  public static String markdown() {
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    rows().forEach(row -> groups.computeIfAbsent(row.group(), g -> new ArrayList<>()).add(row));
    return groups.entrySet().stream()
        .map(group -> section(group.getKey(), group.getValue()))
        .collect(Collectors.joining("", HEAD, ""));
  }

  private static String section(String name, List<Row> rows) {
    String table = rows.stream().map(Row::line).collect(Collectors.joining("\n"));
    return """

        ## %s

        | key | default | value | change | what |
        | --- | --- | --- | --- | --- |
        %s
        """
        .formatted(name.isEmpty() ? "At the top" : name, table);
  }
}
