package dev.plumbline.learn.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A plot's data as JSON; what is not a number is null. */
final class PlotJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PlotJson() {}

  static ObjectNode of(Plot plot) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("name", plot.name()).put("title", plot.title()).put("file", plot.file());
    if (plot instanceof Plot.Lines lines) {
      series(node.put("kind", "lines"), lines.xLabel(), lines.yLabel(), lines.series());
    } else if (plot instanceof Plot.Points points) {
      series(node.put("kind", "points"), points.xLabel(), points.yLabel(), points.series());
    } else if (plot instanceof Plot.Bars bars) {
      bars.categories().forEach(node.put("kind", "bars").putArray("categories")::add);
      series(node, bars.xLabel(), bars.yLabel(), bars.series());
    } else if (plot instanceof Plot.HeatMap map) {
      heatMap(node.put("kind", "heat_map"), map);
    } else if (plot instanceof Plot.Histogram histogram) {
      node.put("kind", "histogram").put("x_label", histogram.xLabel());
      ObjectNode samples = node.putObject("samples");
      histogram.samples().forEach((name, values) -> add(samples.putArray(name), values));
    }
    return node;
  }

  private static void series(ObjectNode node, String x, String y, List<Series> all) {
    ArrayNode list = node.put("x_label", x).put("y_label", y).putArray("series");
    for (Series each : all) {
      ObjectNode one = list.addObject().put("name", each.name());
      add(one.putArray("x"), each.x());
      add(one.putArray("y"), each.y());
      if (each.hasIntervals()) {
        add(one.putArray("low"), each.low());
        add(one.putArray("high"), each.high());
      }
    }
  }

  private static void heatMap(ObjectNode node, Plot.HeatMap map) {
    node.put("x_label", map.xLabel()).put("y_label", map.yLabel());
    map.columns().forEach(node.putArray("columns")::add);
    map.rows().forEach(node.putArray("rows")::add);
    ArrayNode values = node.putArray("values");
    for (double[] row : map.values()) {
      add(values.addArray(), row);
    }
  }

  private static void add(ArrayNode to, double[] values) {
    for (double value : values) {
      if (Double.isFinite(value)) {
        to.add(value);
      } else {
        to.addNull();
      }
    }
  }
}
