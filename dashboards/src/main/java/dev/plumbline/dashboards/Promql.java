package dev.plumbline.dashboards;

import dev.plumbline.agent.metrics.Meter;

/** Queries of the agent's meters, as Grafana takes them. */
final class Promql {
  /** Of what has a model. */
  static final String MODELS = "namespace=~\"$namespace\",model_name=~\"$model\"";

  /** Of what an agent has once. */
  static final String AGENTS = "namespace=~\"$namespace\",instance=~\"$instance\"";

  /** Of what has a direction. */
  static final String DIRECTIONS = "namespace=~\"$namespace\",direction=~\"$direction\"";

  /** Of what has both. */
  static final String SCORES = MODELS + ",direction=~\"$direction\"";

  private static final String NAMESPACE = "namespace=~\"$namespace\"";

  private Promql() {}

  /** OpenTelemetry's names call a model otherwise. */
  static final String GEN_AI = NAMESPACE + ",gen_ai_request_model=~\"$model\"";

  static String namespaces() {
    return NAMESPACE;
  }

  /** Its last value, of what a selector takes. */
  static String last(Meter meter, String selector) {
    return meter.prometheusName() + "{" + selector + "}";
  }

  /** What it grows a second. */
  static String rate(Meter meter, String selector) {
    return "rate(" + last(meter, selector) + "[$__rate_interval])";
  }

  static String rate(String by, Meter meter, String selector) {
    return "sum by (" + by + ") (" + rate(meter, selector) + ")";
  }

  /** What it has grown by. */
  static String growth(String by, Meter meter, String selector) {
    return "sum by (%s) (increase(%s{%s}[$__rate_interval]))"
        .formatted(by, meter.prometheusName(), selector);
  }

  static String max(String by, Meter meter, String selector) {
    return "max by (" + by + ") (" + last(meter, selector) + ")";
  }

  static String min(String by, Meter meter, String selector) {
    return "min by (" + by + ") (" + last(meter, selector) + ")";
  }

  /** One part of another, where there is any. */
  static String share(String part, String whole) {
    return part + "\n  / (" + whole + " > 0)";
  }

  /** A quantile of a histogram. */
  static String quantile(String q, String by, Meter meter, String selector) {
    return "histogram_quantile(%s, sum by (%s, le) (rate(%s_bucket{%s}[$__rate_interval])))"
        .formatted(q, by, meter.prometheusName(), selector);
  }

  /** Its buckets over time. */
  static String buckets(Meter meter, String selector) {
    return "sum by (le) (increase(%s_bucket{%s}[$__rate_interval]))"
        .formatted(meter.prometheusName(), selector);
  }

  /** A mean of a histogram's values. */
  static String mean(String by, Meter meter, String selector) {
    String form = "sum by (%s) (rate(%s%s{%s}[$__rate_interval]))";
    return share(
        form.formatted(by, meter.prometheusName(), "_sum", selector),
        form.formatted(by, meter.prometheusName(), "_count", selector));
  }

  /** A recorded series of {@code rules/}. */
  static String recorded(String rule, String selector) {
    return rule + "{" + selector + "}";
  }
}
