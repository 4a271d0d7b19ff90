package dev.plumbline.agent.tracing;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.wire.Route;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Spans to an OpenTelemetry collector: OTLP over HTTP with protobuf bodies, POST {@code
 * otel.endpoint}{@code /v1/traces}. A caller's decision to sample holds; without one a share is
 * sampled by the trace's id.
 */
public final class OtlpTracing implements Tracing {
  private static final int WAITING_SPANS = 4096;
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration EXPORT = Duration.ofSeconds(5);
  private static final Duration FLUSH = Duration.ofSeconds(3);

  /** Held, for a logger that nobody holds forgets its level: failures are told here, and once. */
  private static final Logger SDK_LOG = Logger.getLogger("io.opentelemetry");

  private final SpanQueue queue;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  private OtlpTracing(AgentConfig.Tracing settings, Meters meters) {
    SDK_LOG.setLevel(Level.OFF);
    this.queue = new SpanQueue(exporter(settings), meters, WAITING_SPANS);
    Attributes service =
        Attributes.of(AttributeKey.stringKey("service.name"), settings.serviceName());
    this.provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(service)))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.share())))
            .addSpanProcessor(queue)
            .build();
    this.tracer = provider.get("plumbline");
  }

  /** Begins; connects to nobody before there is something to export. */
  public static Tracing start(AgentConfig.Tracing settings, Meters meters) {
    return new OtlpTracing(settings, meters);
  }

  private static SpanExporter exporter(AgentConfig.Tracing settings) {
    String base = settings.endpoint().toString();
    return OtlpHttpSpanExporter.builder()
        .setEndpoint((base.endsWith("/") ? base : base + "/") + "v1/traces")
        .setConnectTimeout(CONNECT)
        .setTimeout(EXPORT)
        .setRetryPolicy(null)
        .build();
  }

  @Override
  public ExchangeTrace begin(String id, Route route, HttpServerRequest request) {
    return new SpanTrace(tracer, TraceContext.of(request.headers()), id, route, request);
  }

  @Override
  public void close() {
    queue.close(FLUSH);
    provider.close();
  }
}
