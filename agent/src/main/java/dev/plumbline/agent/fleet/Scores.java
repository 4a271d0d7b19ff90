package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Quantiles and drift of the scores of the whole fleet. What is exported are the series this agent
 * has scores of itself: a member cannot make others export names. Thread-safe.
 */
final class Scores {
  private static final double[] SHARES = {0.5, 0.9, 0.99};

  private final Meters meters;
  private final Host host;
  private final Set<Series> exported = new HashSet<>();
  private volatile Map<Series, Sketch> merged = Map.of();

  Scores(Meters meters, Host host) {
    this.meters = meters;
    this.host = host;
  }

  /**
   * @param own series to export
   * @param now all sketches, merged
   */
  void put(Set<Series> own, Map<Series, Sketch> now) {
    merged = Map.copyOf(now);
    own.stream().filter(exported::add).forEach(this::export);
  }

  private void export(Series series) {
    for (double share : SHARES) {
      meters.amount(
          Meter.FLEET_SCORE_QUANTILE,
          () -> sketch(series).quantile(share),
          series.model(),
          series.direction(),
          Double.toString(share));
    }
    meters.amount(Meter.FLEET_SCORE_DRIFT, () -> drift(series), series.model(), series.direction());
  }

  private Sketch sketch(Series series) {
    return merged.getOrDefault(series, Sketch.EMPTY);
  }

  /** NaN where the direction is not the one in use, whose baseline alone is known. */
  private double drift(Series series) {
    Optional<Host.Judge> judge =
        host.judge()
            .filter(
                each -> Series.bounded("x", each.name()).direction().equals(series.direction()));
    return judge.map(each -> sketch(series).distance(each.baseline())).orElse(Double.NaN);
  }

  void describe(ObjectNode node) {
    ArrayNode all = node.putArray("scores");
    new java.util.TreeMap<>(merged)
        .forEach(
            (series, sketch) -> {
              ObjectNode each =
                  all.addObject()
                      .put("model", series.model())
                      .put("direction", series.direction())
                      .put("count", sketch.total());
              number(each, "p50", sketch.quantile(0.5));
              number(each, "p90", sketch.quantile(0.9));
              number(each, "p99", sketch.quantile(0.99));
              number(each, "drift_ks", drift(series));
            });
  }

  private static void number(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }
}
