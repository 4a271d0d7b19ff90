package dev.plumbline.agent.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The meters of {@link Meter}, and the only way to move them. Thread-safe.
 *
 * <p>The score is no Micrometer summary: Micrometer's fixed-boundary histogram rounds every value
 * up to a whole number, so all scores of [0,1] would fall into the last bucket with no error shown.
 * It is a Prometheus client histogram in the same registry, hence on the same page.
 */
public final class Meters implements AutoCloseable {
  /** Bucket bounds of the score. */
  private static final double[] SCORE_BOUNDS = {
    0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0
  };

  private static final Duration[] TIME_BOUNDS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final PrometheusMeterRegistry registry;
  private final Map<Meter, Histogram> scores = new EnumMap<>(Meter.class);

  /** Micrometer's own look-up sorts the labels every time. */
  private final Map<Series, Counter> counters = new ConcurrentHashMap<>();

  /** A function counter forgets its source. */
  private final List<LongSupplier> totals = new CopyOnWriteArrayList<>();

  /** One line of the page; label values in the catalogue's order. */
  private record Series(Meter meter, List<String> labelValues) {}

  public Meters() {
    PrometheusRegistry page = new PrometheusRegistry();
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, page, Clock.SYSTEM);
    for (Meter meter : new Meter[] {Meter.SCORE, Meter.DIRECTION_SCORE}) {
      scores.put(meter, histogram(meter, page));
    }
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  private static Histogram histogram(Meter meter, PrometheusRegistry page) {
    return Histogram.builder()
        .name(meter.prometheusName())
        .help(meter.help())
        .labelNames(meter.labels().toArray(String[]::new))
        .classicOnly()
        .classicUpperBounds(SCORE_BOUNDS)
        .withoutExemplars()
        .register(page);
  }

  /** Adds one to a counter; label values in the catalogue's order. */
  public void count(Meter meter, String... labelValues) {
    count(meter, 1, labelValues);
  }

  /** Adds to a counter. */
  public void count(Meter meter, double amount, String... labelValues) {
    counters
        .computeIfAbsent(new Series(meter, List.of(labelValues)), this::counter)
        .increment(amount);
  }

  private Counter counter(Series series) {
    require(series.meter(), Meter.Type.COUNTER);
    return Counter.builder(series.meter().id())
        .description(series.meter().help())
        .tags(tags(series.meter(), series.labelValues()))
        .register(registry);
  }

  /** Records how long something took. */
  public void time(Meter meter, Duration duration, String... labelValues) {
    require(meter, Meter.Type.TIMER);
    Timer.builder(meter.id())
        .description(meter.help())
        .serviceLevelObjectives(TIME_BOUNDS)
        .tags(tags(meter, labelValues))
        .register(registry)
        .record(duration);
  }

  /** Exports a number that is read at each scrape; the source is kept. */
  public void gauge(Meter meter, IntSupplier source, String... labelValues) {
    require(meter, Meter.Type.GAUGE);
    Gauge.builder(meter.id(), source, IntSupplier::getAsInt)
        .description(meter.help())
        .strongReference(true)
        .tags(tags(meter, labelValues))
        .register(registry);
  }

  /** The same of a number that an int may not hold. */
  public void level(Meter meter, LongSupplier source, String... labelValues) {
    require(meter, Meter.Type.GAUGE);
    Gauge.builder(meter.id(), source, LongSupplier::getAsLong)
        .description(meter.help())
        .strongReference(true)
        .tags(tags(meter, labelValues))
        .register(registry);
  }

  /** The same of a number that is not whole. */
  public void amount(Meter meter, DoubleSupplier source, String... labelValues) {
    require(meter, Meter.Type.GAUGE);
    Gauge.builder(meter.id(), source, DoubleSupplier::getAsDouble)
        .description(meter.help())
        .strongReference(true)
        .tags(tags(meter, labelValues))
        .register(registry);
  }

  /** Exports a total that somebody else counts, read at each scrape; the source is kept. */
  public void total(Meter meter, LongSupplier source, String... labelValues) {
    require(meter, Meter.Type.COUNTER);
    totals.add(source);
    FunctionCounter.builder(meter.id(), source, LongSupplier::getAsLong)
        .description(meter.help())
        .tags(tags(meter, labelValues))
        .register(registry);
  }

  /** Records a score in [0,1]. */
  public void score(String model, String direction, double value) {
    score(Meter.SCORE, model, direction, value);
  }

  /** The same of one of the histograms of scores. */
  public void score(Meter meter, String model, String direction, double value) {
    require(meter, Meter.Type.HISTOGRAM);
    scores.get(meter).labelValues(model, direction).observe(value);
  }

  /** The page in the Prometheus text format; takes milliseconds, so not on an event loop. */
  public String scrape() {
    return registry.scrape();
  }

  /** The content type of {@link #scrape()}. */
  public static String contentType() {
    return "text/plain; version=0.0.4; charset=utf-8";
  }

  @Override
  public void close() {
    registry.close();
  }

  private static Tags tags(Meter meter, String... values) {
    return tags(meter, List.of(values));
  }

  private static Tags tags(Meter meter, List<String> values) {
    if (values.size() != meter.labels().size()) {
      throw new IllegalArgumentException(
          meter + ": wanted values of " + meter.labels() + ", found " + values.size());
    }
    List<Tag> tags = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      tags.add(Tag.of(meter.labels().get(i), values.get(i)));
    }
    return Tags.of(tags);
  }

  private static void require(Meter meter, Meter.Type wanted) {
    if (meter.type() != wanted) {
      throw new IllegalArgumentException(
          meter + ": wanted a " + wanted + ", found a " + meter.type());
    }
  }
}
