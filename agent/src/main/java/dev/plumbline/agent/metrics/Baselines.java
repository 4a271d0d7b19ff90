package dev.plumbline.agent.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * {@link Meter#BASELINE_SCORE}: histograms that artefacts bring with them. A histogram and no gauge
 * with a label {@code le}, which a rule may compare with the score's bucket by bucket. Thread-safe.
 */
final class Baselines implements Collector {
  private final Map<String, HistogramDataPointSnapshot> byDirection = new ConcurrentSkipListMap<>();

  void put(String direction, double[] shares, long count) {
    double[] bounds = Bounds.score();
    if (shares.length != bounds.length || count < 1) {
      throw new IllegalArgumentException(
          "baseline of " + direction + ": wanted " + bounds.length + " shares of 1 score or more");
    }
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long below = 0;
    double sum = 0;
    for (int i = 0; i < bounds.length; i++) {
      long now = Math.max(below, Math.round(shares[i] * count));
      buckets.bucket(bounds[i], now - below);
      sum += (now - below) * bounds[i];
      below = now;
    }
    buckets.bucket(Double.POSITIVE_INFINITY, Math.max(0, count - below));
    byDirection.put(
        direction,
        HistogramDataPointSnapshot.builder()
            .labels(Labels.of(Meter.BASELINE_SCORE.labels().get(0), direction))
            .classicHistogramBuckets(buckets.build())
            .sum(sum)
            .build());
  }

  void remove(String direction) {
    byDirection.remove(direction);
  }

  @Override
  public MetricSnapshot collect() {
    HistogramSnapshot.Builder all =
        HistogramSnapshot.builder()
            .name(Meter.BASELINE_SCORE.prometheusName())
            .help(Meter.BASELINE_SCORE.help());
    byDirection.values().forEach(all::dataPoint);
    return all.build();
  }

  @Override
  public String getPrometheusName() {
    return Meter.BASELINE_SCORE.prometheusName();
  }
}
