package dev.plumbline.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards, by the types that Grafana publishes. */
class GrafanaTypesTest {
  private static final String FLEET = "plumbline-fleet.json";
  private static final String MODEL = "plumbline-model.json";
  private static final String DIRECTION = "plumbline-direction.json";

  /**
   * One wrong property.
   *
   * @param file of the dashboard
   * @param kind of the panel it is in, the first of these; empty for the dashboard itself
   * @param at where in it, a JSON pointer
   * @param key its name
   * @param value what it is set to
   */
  private record Mistake(String file, String kind, String at, String key, Object value) {
    String in(JsonNode dashboard) {
      JsonNode copy = dashboard.deepCopy();
      JsonNode whole = kind.isEmpty() ? copy : panel(copy);
      ((ObjectNode) whole.at(at)).set(key, new ObjectMapper().valueToTree(value));
      return copy.toPrettyString();
    }

    private JsonNode panel(JsonNode dashboard) {
      return Repository.panels(dashboard).stream()
          .filter(panel -> panel.path("type").asText().equals(kind))
          .findFirst()
          .orElseThrow();
    }
  }

  /** At least one of each type that the check imports: of one that is not found, all is right. */
  private static final List<Mistake> MISTAKES =
      List.of(
          new Mistake(FLEET, "", "", "refreshes", "30s"),
          new Mistake(FLEET, "", "", "graphTooltip", 3),
          new Mistake(FLEET, "", "/links/0", "type", "dashboard"),
          new Mistake(FLEET, "", "/annotations/list/0", "expr", "up"),
          new Mistake(FLEET, "", "/annotations/list/0/target", "expression", "up"),
          new Mistake(FLEET, "", "/templating/list/1", "refresh", 3),
          new Mistake(FLEET, "", "/templating/list/1", "multiple", true),
          new Mistake(FLEET, "", "/templating/list/1/query", "qryType", 6),
          new Mistake(FLEET, "", "/templating/list/0", "type", "datasources"),
          new Mistake(FLEET, "timeseries", "", "type", "graph2"),
          new Mistake(FLEET, "timeseries", "", "discription", "x"),
          new Mistake(FLEET, "timeseries", "/gridPos", "width", 12),
          new Mistake(FLEET, "timeseries", "/targets/0", "legend", "x"),
          new Mistake(FLEET, "timeseries", "/targets/0", "format", "timeseries"),
          new Mistake(FLEET, "timeseries", "/fieldConfig/defaults", "unit", "percentunits"),
          new Mistake(FLEET, "timeseries", "/fieldConfig/defaults", "unit", 1),
          new Mistake(FLEET, "timeseries", "/fieldConfig/defaults", "decimals", "2"),
          new Mistake(FLEET, "timeseries", "/fieldConfig/defaults", "color", Map.of("mode", "x")),
          new Mistake(FLEET, "timeseries", "/fieldConfig/defaults/thresholds", "mode", "some"),
          new Mistake(
              FLEET, "timeseries", "/fieldConfig/defaults/thresholds/steps/0", "value", "0"),
          new Mistake(
              FLEET, "timeseries", "/fieldConfig/defaults/thresholds/steps/0", "color", "x"),
          new Mistake(FLEET, "timeseries", "/fieldConfig/defaults/custom", "drawStyle", "lines"),
          new Mistake(FLEET, "timeseries", "/fieldConfig/defaults/custom", "lineWith", 1),
          new Mistake(FLEET, "timeseries", "/options/legend", "placement", "top"),
          new Mistake(FLEET, "timeseries", "/options/legend", "showLegends", true),
          new Mistake(FLEET, "timeseries", "/options/tooltip", "mode", "all"),
          new Mistake(FLEET, "stat", "/options", "colorMode", "values"),
          new Mistake(FLEET, "stat", "/options/reduceOptions", "calc", "last"),
          new Mistake(FLEET, "stat", "/options/reduceOptions", "calcs", List.of("latest")),
          new Mistake(DIRECTION, "table", "/options", "showHeaders", true),
          new Mistake(
              DIRECTION, "table", "", "transformations", List.of(Map.of("id", "x", "options", 1))),
          new Mistake(MODEL, "heatmap", "/options", "showValue", "sometimes"),
          new Mistake(MODEL, "heatmap", "/options/color", "scheme", "Orange"),
          new Mistake(MODEL, "heatmap", "/options/yAxis", "unit", "percents"));

  /** The oldest that publishes all of its types, and the newest. */
  static List<GrafanaTypes> versions() {
    return List.of(new GrafanaTypes("11.2.0"), new GrafanaTypes("13.2.3"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void dashboards_areOfGrafanasTypes(GrafanaTypes grafana) throws Exception {
    grafana.require();
    Map<String, String> files = new LinkedHashMap<>();
    Repository.dashboards().forEach((name, json) -> files.put(name, json.toPrettyString()));
    assertThat(grafana.complaints(files)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void dashboards_withAMistake_areRefusedWhereItIs(GrafanaTypes grafana) throws Exception {
    grafana.require();
    Map<String, JsonNode> dashboards = Repository.dashboards();
    Map<String, String> files = new LinkedHashMap<>();
    for (Mistake mistake : MISTAKES) {
      files.put("mistake" + files.size(), mistake.in(dashboards.get(mistake.file())));
    }
    Map<String, List<GrafanaTypes.Complaint>> found = grafana.complaints(files);
    for (int i = 0; i < MISTAKES.size(); i++) {
      Mistake mistake = MISTAKES.get(i);
      String right = dashboards.get(mistake.file()).toPrettyString();
      int line = 1 + same(right, files.get("mistake" + i));
      // The comma that it comes after, the line itself, or what that holds.
      assertThat(found.getOrDefault("mistake" + i, List.of()))
          .as(mistake.toString())
          .anyMatch(complaint -> complaint.line() >= line && complaint.line() <= line + 3);
    }
  }

  /** The lines at the beginning that two texts share. */
  private static int same(String one, String other) {
    List<String> a = one.lines().toList();
    List<String> b = other.lines().toList();
    int line = 0;
    while (a.get(line).equals(b.get(line))) {
      line++;
    }
    return line;
  }
}
