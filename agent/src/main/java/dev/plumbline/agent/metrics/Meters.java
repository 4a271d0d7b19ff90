package dev.plumbline.agent.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
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
 * <p>Histograms are no Micrometer summaries: Micrometer's fixed-boundary histogram rounds every
 * value up to a whole number, so all scores of [0,1] would fall into the last bucket with no error
 * shown. They are Prometheus client histograms in the same registry, hence on the same page, and
 * hold exemplars.
 */
public final class Meters implements AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrometheusRegistry page = new PrometheusRegistry();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, page, Clock.SYSTEM);
  private final Map<Meter, Histogram> histograms = new EnumMap<>(Meter.class);
  private final Map<Meter, Info> infos = new EnumMap<>(Meter.class);
  private final Baselines baselines = new Baselines();
  private final ScrapePage pages = new ScrapePage(page);

  /** Micrometer's own look-up sorts the labels every time. */
  private final Map<Series, Counter> counters = new ConcurrentHashMap<>();

  /** A function counter forgets its source. */
  private final List<Object> totals = new CopyOnWriteArrayList<>();

  /** One line of the page; label values in the catalogue's order. */
  private record Series(Meter meter, List<String> labelValues) {}

  public Meters() {
    for (Meter meter : Meter.values()) {
      switch (meter.type()) {
        case HISTOGRAM, TIMER -> register(meter);
        case INFO -> infos.put(meter, info(meter));
        default -> {
          // With its first series.
        }
      }
    }
    Machine.bind(registry);
    level(Meter.MEMORY_RESIDENT, Machine::residentBytes);
    level(Meter.MEMORY_NATIVE, Machine::nativeBytes);
  }

  private void register(Meter meter) {
    if (meter == Meter.BASELINE_SCORE) {
      page.register(baselines);
    } else {
      histograms.put(meter, histogram(meter));
    }
  }

  /**
   * Classic buckets only: a scraper that takes native histograms would else drop those the alerts
   * look at, without a word.
   */
  private Histogram histogram(Meter meter) {
    return Histogram.builder()
        .name(meter.prometheusName())
        .help(meter.help())
        .labelNames(meter.labels().toArray(String[]::new))
        .classicOnly()
        .classicUpperBounds(Bounds.of(meter))
        .register(page);
  }

  private Info info(Meter meter) {
    return Info.builder()
        .name(meter.prometheusName())
        .help(meter.help())
        .labelNames(meter.labels().toArray(String[]::new))
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

  /** The same of a total that is not whole; the source is kept. */
  public void amountTotal(Meter meter, DoubleSupplier source, String... labelValues) {
    require(meter, Meter.Type.COUNTER);
    totals.add(source);
    FunctionCounter.builder(meter.id(), source, DoubleSupplier::getAsDouble)
        .description(meter.help())
        .tags(tags(meter, labelValues))
        .register(registry);
  }

  /** Records how long something took. */
  public void time(Meter meter, Duration duration, String... labelValues) {
    timeTraced(meter, duration, "", labelValues);
  }

  /**
   * The same, with an example for a person to look at.
   *
   * @param traceId of a trace that is kept; empty for none
   */
  public void timeTraced(Meter meter, Duration duration, String traceId, String... labelValues) {
    require(meter, Meter.Type.TIMER);
    observe(meter, duration.toNanos() / NANOS_PER_SECOND, traceId, labelValues);
  }

  /** Records an amount of at least 0; {@code traceId} as above. */
  public void amountOf(Meter meter, double value, String traceId, String... labelValues) {
    require(meter, Meter.Type.HISTOGRAM);
    observe(meter, value, traceId, labelValues);
  }

  private void observe(Meter meter, double value, String traceId, String... labelValues) {
    DistributionDataPoint series = histograms.get(meter).labelValues(labelValues);
    if (traceId.isEmpty()) {
      series.observe(value);
    } else {
      series.observeWithExemplar(value, Labels.of("trace_id", traceId));
    }
  }

  /** Says something that holds until it is forgotten. */
  public void info(Meter meter, String... labelValues) {
    require(meter, Meter.Type.INFO);
    infos.get(meter).addLabelValues(labelValues);
  }

  /** Takes back what was said. */
  public void forget(Meter meter, String... labelValues) {
    require(meter, Meter.Type.INFO);
    infos.get(meter).remove(labelValues);
  }

  /** Takes a gauge from the page; nothing where there is none. */
  public void forgetGauge(Meter meter, String... labelValues) {
    require(meter, Meter.Type.GAUGE);
    Gauge found = registry.find(meter.id()).tags(tags(meter, labelValues)).gauge();
    if (found != null) {
      registry.remove(found);
    }
  }

  /**
   * Exports a histogram that was measured elsewhere and does not change.
   *
   * @param shares of the scores at or below each of {@link Bounds#score}, rising
   * @param count how many scores there were
   */
  public void baseline(String direction, double[] shares, long count) {
    baselines.put(direction, shares, count);
  }

  /** Takes a histogram of {@link #baseline} from the page. */
  public void forgetBaseline(String direction) {
    baselines.remove(direction);
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

  /**
   * Records a score in [0,1].
   *
   * @param meter one of the histograms of scores
   * @param traceId of a trace that is kept; empty for none
   */
  public void score(Meter meter, double value, String traceId, String model, String direction) {
    amountOf(meter, value, traceId, model, direction);
  }

  /** The page in the Prometheus text format; takes milliseconds, so not on an event loop. */
  public String scrape() {
    return scrape("").text();
  }

  /**
   * The page in the best form that a scraper takes: OpenMetrics with exemplars, Prometheus'
   * protobuf, else its text format. Takes milliseconds, so not on an event loop.
   *
   * @param accept its {@code Accept} header, empty for none
   */
  public ScrapePage.Written scrape(String accept) {
    return pages.write(accept);
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
