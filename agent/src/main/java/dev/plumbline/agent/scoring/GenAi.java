package dev.plumbline.agent.scoring;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.wire.Route;
import java.time.Duration;

/**
 * OpenTelemetry's metrics of generative models (semantic-conventions-genai, in development), as
 * Prometheus writes their names. {@code gen_ai.provider.name} is the configured name of the origin,
 * {@code plumbline} for a model served here. Thread-safe.
 */
final class GenAi {
  private static final String HERE = "plumbline";
  private static final String NONE = "none";

  private final Meters meters;

  GenAi(Meters meters) {
    this.meters = meters;
  }

  /**
   * Records an exchange.
   *
   * @param model its label
   * @param origin its label
   */
  void meter(Exchange exchange, String model, String origin, StageTimes times) {
    String operation = operation(exchange.route());
    String provider = exchange.embedded() ? HERE : origin;
    String trace = times.traceId();
    if (times.answer().isPresent()) {
      Duration took = Duration.ofNanos(times.answer().getAsLong());
      meters.timeTraced(
          Meter.GEN_AI_REQUEST, took, trace, operation, provider, model, error(exchange));
    }
    tokens(exchange.promptTokens(), "input", trace, operation, provider, model);
    tokens(exchange.completionTokens(), "output", trace, operation, provider, model);
    if (exchange.stream() && times.firstText().isPresent()) {
      stream(exchange, times, operation, provider, model);
    }
  }

  private void tokens(
      int count, String type, String trace, String operation, String provider, String model) {
    if (count > 0) {
      meters.amountOf(Meter.GEN_AI_TOKENS, count, trace, operation, provider, model, type);
    }
  }

  private void stream(
      Exchange exchange, StageTimes times, String operation, String provider, String model) {
    long first = times.firstText().getAsLong();
    String trace = times.traceId();
    meters.timeTraced(
        Meter.GEN_AI_FIRST_TOKEN, Duration.ofNanos(first), trace, operation, provider, model);
    int tokens = Math.max(exchange.completionTokens(), exchange.reading().tokensScored());
    if (tokens > 1 && times.answer().isPresent()) {
      long rest = Math.max(0, times.answer().getAsLong() - first);
      Duration each = Duration.ofNanos(rest / (tokens - 1));
      meters.timeTraced(Meter.GEN_AI_PER_TOKEN, each, trace, operation, provider, model);
    }
  }

  private static String error(Exchange exchange) {
    boolean failed = exchange.status() >= 400 || exchange.status() == 0;
    return failed ? exchange.outcome().wireName() : NONE;
  }

  private static String operation(Route route) {
    return switch (route) {
      case CHAT_COMPLETIONS, RESPONSES, MESSAGES -> "chat";
      case OIP_INFER, OIP_GRPC_INFER, OIP_GRPC_STREAM_INFER -> "infer";
      default -> "text_completion";
    };
  }
}
