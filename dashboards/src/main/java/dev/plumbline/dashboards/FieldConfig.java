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

  /** What the plugin of a kind must be told; what Grafana would fill in is written out. */
  static ObjectNode options(Panel.Kind kind) {
    ObjectNode options = NODES.objectNode();
    switch (kind) {
      case TIMESERIES -> {
        ObjectNode legend = options.putObject("legend").put("showLegend", true);
        legend.put("displayMode", "list").put("placement", "bottom").putArray("calcs");
        options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
      }
      case STAT -> stat(options);
      case TABLE -> options.put("showHeader", true).put("frameIndex", 0);
      case HEATMAP -> heatmap(options);
    }
    return options;
  }

  private static void stat(ObjectNode options) {
    options.put("colorMode", "value").put("graphMode", "area").put("textMode", "auto");
    options.put("justifyMode", "auto").put("orientation", "auto").put("wideLayout", true);
    options.put("showPercentChange", false).put("percentChangeColorMode", "standard");
    options.putObject("reduceOptions").putArray("calcs").add("lastNotNull");
  }

  private static void heatmap(ObjectNode options) {
    options.put("calculate", false).put("showValue", "auto");
    options.putObject("yAxis").put("unit", "percentunit");
    options.putObject("legend").put("show", true);
    options.putObject("tooltip").put("mode", "single");
    options.putObject("exemplars").put("color", "rgba(255,0,255,0.7)");
    ObjectNode color = options.putObject("color").put("mode", "scheme").put("scheme", "Oranges");
    // The rest is for the mode opacity; Grafana's type wants it, too.
    color.put("steps", 64).put("reverse", false).put("exponent", 0.5).put("fill", "dark-orange");
  }
}
