package dev.plumbline.torch.artefact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.core.stats.Interval;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** A quality as JSON, in an artefact and in a report. */
public final class QualityJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private QualityJson() {}

  /** The JSON; figures and extras by name. */
  public static ObjectNode json(Quality quality) {
    ObjectNode json = MAPPER.createObjectNode();
    ObjectNode figures = json.putObject("figures");
    quality
        .figures()
        .forEach((figure, estimate) -> figures.set(figure.wireName(), estimate(estimate)));
    ObjectNode extra = json.putObject("extra");
    quality
        .extra()
        .forEach((name, value) -> extra.put(name, Check.finite(value, "quality extra " + name)));
    return json;
  }

  private static ObjectNode estimate(Estimate estimate) {
    ObjectNode json =
        MAPPER.createObjectNode().put("value", estimate.value()).put("count", estimate.count());
    estimate
        .interval()
        .ifPresent(
            interval ->
                json.putObject("interval")
                    .put("low", interval.low())
                    .put("high", interval.high())
                    .put("confidence", interval.confidence()));
    return json;
  }

  /** Reads JSON that has passed the schema. */
  static Quality read(JsonNode json) {
    Map<Figure, Estimate> figures = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      JsonNode node = json.get("figures").get(figure.wireName());
      if (node != null) {
        figures.put(figure, estimate(node));
      }
    }
    Map<String, Double> extra = new TreeMap<>();
    json.get("extra")
        .fields()
        .forEachRemaining(e -> extra.put(e.getKey(), e.getValue().asDouble()));
    return new Quality(figures, extra);
  }

  private static Estimate estimate(JsonNode json) {
    double value = json.get("value").asDouble();
    long count = json.get("count").asLong();
    JsonNode interval = json.get("interval");
    return interval == null
        ? Estimate.of(value, count)
        : Estimate.of(
            value,
            new Interval(
                interval.get("low").asDouble(),
                interval.get("high").asDouble(),
                interval.get("confidence").asDouble()),
            count);
  }
}
