package dev.plumbline.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.metrics.Meter;

/**
 * A dashboard in Grafana's classic model, schema version 39: without an id, not editable, its data
 * source a variable, so that it is provisioned as it is. The same bytes each time.
 */
final class GrafanaJson {
  private static final int SCHEMA_VERSION = 39;
  private static final int COLUMNS = 24;
  private static final String SOURCE = "${datasource}";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private int nextId = 1;
  private int x;
  private int y;
  private int rowHeight;

  private GrafanaJson() {}

  /** The file. */
  static String of(Dashboard dashboard) {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    printer.indentObjectsWith(indent);
    printer.indentArraysWith(indent);
    try {
      ObjectNode json = new GrafanaJson().dashboard(dashboard);
      return new ObjectMapper().writer(printer).writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode dashboard(Dashboard dashboard) {
    ObjectNode json = NODES.objectNode();
    json.put("uid", dashboard.uid());
    json.put("title", dashboard.title());
    json.put("description", dashboard.description());
    json.putArray("tags").add("plumbline");
    json.put("schemaVersion", SCHEMA_VERSION);
    json.put("version", 1);
    json.put("editable", false);
    json.put("graphTooltip", 1);
    json.put("refresh", "30s");
    json.put("timezone", "browser");
    json.putObject("time").put("from", "now-6h").put("to", "now");
    json.set("annotations", annotations());
    json.set("links", links());
    json.set("templating", templating(dashboard));
    ArrayNode panels = json.putArray("panels");
    dashboard.rows().forEach(row -> row(row, panels));
    return json;
  }

  /** A new direction, and a restart, explain many a jump. */
  private static ObjectNode annotations() {
    ObjectNode annotations = NODES.objectNode();
    ObjectNode made =
        annotations
            .putArray("list")
            .addObject()
            .put("name", "New direction")
            .put("enable", true)
            .put("iconColor", "purple")
            .put("titleFormat", "{{direction}}");
    made.set("datasource", source());
    made.putObject("target")
        .put("refId", "Anno")
        .put("expr", "changes(" + Meter.ARTEFACT_CREATED.prometheusName() + "[5m]) > 0")
        .set("datasource", source());
    return annotations;
  }

  private static ArrayNode links() {
    ArrayNode links = NODES.arrayNode();
    links
        .addObject()
        .put("title", "Plumbline")
        .put("type", "dashboards")
        .put("asDropdown", true)
        .put("includeVars", true)
        .put("keepTime", true)
        .put("targetBlank", false)
        .put("icon", "external link")
        .put("tooltip", "")
        .putArray("tags")
        .add("plumbline");
    return links;
  }

  private static ObjectNode templating(Dashboard dashboard) {
    ObjectNode templating = NODES.objectNode();
    ArrayNode list = templating.putArray("list");
    list.addObject()
        .put("name", "datasource")
        .put("label", "Data source")
        .put("type", "datasource")
        .put("query", "prometheus");
    dashboard.variables().forEach(variable -> list.add(variable(variable)));
    return templating;
  }

  private static ObjectNode variable(Dashboard.Variable variable) {
    ObjectNode json = NODES.objectNode();
    json.put("name", variable.name()).put("label", variable.label()).put("type", "query");
    json.set("datasource", source());
    json.put("definition", variable.query());
    json.putObject("query").put("query", variable.query()).put("refId", variable.name());
    // On a change of the time range, so that what began since is there.
    json.put("refresh", 2).put("sort", 1).put("multi", true);
    json.put("includeAll", true).put("allValue", ".*");
    json.putObject("current").put("text", "All").put("value", "$__all");
    return json;
  }

  private void row(Row row, ArrayNode panels) {
    newLine();
    ObjectNode json = panels.addObject();
    json.put("id", nextId++).put("type", "row").put("title", row.title()).put("collapsed", false);
    json.set("gridPos", place(COLUMNS, 1));
    json.putArray("panels");
    newLine();
    row.panels().forEach(panel -> panels.add(panel(panel)));
  }

  private void newLine() {
    x = 0;
    y += rowHeight;
    rowHeight = 0;
  }

  private ObjectNode place(int width, int height) {
    if (x + width > COLUMNS) {
      newLine();
    }
    ObjectNode place = NODES.objectNode().put("x", x).put("y", y).put("w", width).put("h", height);
    x += width;
    rowHeight = Math.max(rowHeight, height);
    return place;
  }

  private ObjectNode panel(Panel panel) {
    ObjectNode json = NODES.objectNode();
    json.put("id", nextId++).put("type", panel.kind().type);
    json.put("title", panel.title()).put("description", panel.description());
    json.set("datasource", source());
    json.set("gridPos", place(panel.width(), panel.kind().height));
    json.set("fieldConfig", FieldConfig.of(panel));
    json.set("options", FieldConfig.options(panel.kind()));
    ArrayNode targets = json.putArray("targets");
    for (Query query : panel.queries()) {
      targets.add(target(query, (char) ('A' + targets.size())));
    }
    return json;
  }

  private static ObjectNode target(Query query, char id) {
    ObjectNode json = NODES.objectNode();
    json.put("refId", String.valueOf(id));
    json.set("datasource", source());
    json.put("expr", query.expression()).put("legendFormat", query.legend());
    boolean table = query.form() == Query.Form.TABLE;
    json.put("instant", table).put("range", !table);
    json.put(
        "exemplar", query.form() == Query.Form.RANGE && query.expression().contains("_bucket"));
    json.put(
        "format",
        switch (query.form()) {
          case RANGE -> "time_series";
          case TABLE -> "table";
          case HEATMAP -> "heatmap";
        });
    return json;
  }

  private static ObjectNode source() {
    return NODES.objectNode().put("type", "prometheus").put("uid", SOURCE);
  }
}
