package dev.plumbline.dashboards;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How a panel's values look. */
final class FieldConfig {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private FieldConfig() {}

  static ObjectNode of(Panel panel) {
    ObjectNode config = NODES.objectNode();
    ObjectNode defaults = config.putObject("defaults");
    defaults.put("unit", panel.unit());
    if (panel.kind() == Panel.Kind.TIMESERIES) {
      custom(defaults.putObject("custom"), panel);
    }
    thresholds(defaults.putObject("thresholds"), panel.redFrom());
    config.putArray("overrides");
    return config;
  }

  private static void custom(ObjectNode custom, Panel panel) {
    custom.put("drawStyle", "line").put("lineWidth", 1).put("fillOpacity", 8);
    custom.put("showPoints", "never").put("spanNulls", false);
    custom
        .putObject("thresholdsStyle")
        .put("mode", Double.isNaN(panel.redFrom()) ? "off" : "dashed");
  }

  private static void thresholds(ObjectNode thresholds, double redFrom) {
    thresholds.put("mode", "absolute");
    ArrayNode steps = thresholds.putArray("steps");
    steps.addObject().put("color", "green").putNull("value");
    if (!Double.isNaN(redFrom)) {
      steps.addObject().put("color", "red").put("value", redFrom);
    }
  }

  static ObjectNode options(Panel.Kind kind) {
    ObjectNode options = NODES.objectNode();
    switch (kind) {
      case TIMESERIES -> {
        options.putObject("legend").put("displayMode", "list").put("placement", "bottom");
        options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
      }
      case STAT -> {
        options.put("colorMode", "value").put("graphMode", "area").put("textMode", "auto");
        options.putObject("reduceOptions").putArray("calcs").add("lastNotNull");
      }
      case TABLE -> options.put("showHeader", true);
      case HEATMAP -> {
        options.put("calculate", false);
        options.putObject("yAxis").put("unit", "percentunit");
        options.putObject("color").put("mode", "scheme").put("scheme", "Oranges");
      }
    }
    return options;
  }
}
