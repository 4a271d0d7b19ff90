package dev.plumbline.agent.bench;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How long after the last byte of an answer its verdict was there, in milliseconds.
 *
 * @param p50 median
 * @param p99 99th percentile
 */
record VerdictLag(double p50, double p99) {
  /**
   * Of the scored exchanges on an agent's page.
   *
   * @param page as {@code /api/exchanges} gives it
   */
  static VerdictLag of(JsonNode page) {
    Latencies lags = new Latencies();
    for (JsonNode exchange : page.path("exchanges")) {
      if (!exchange.path("score").isNull()) {
        lags.add(exchange.path("verdict_ms").asDouble() - exchange.path("answer_ms").asDouble());
      }
    }
    return new VerdictLag(lags.quantile(0.5), lags.quantile(0.99));
  }
}
