package dev.plumbline.agent.tracing;

import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Route;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * One exchange as spans, by OpenTelemetry's conventions for generative models: a SERVER span, below
 * it a CLIENT span of the call to the origin and an INTERNAL span of the scoring. The SERVER span
 * ends when its answer had gone out, though its verdict is told later.
 */
final class SpanTrace implements ExchangeTrace {
  private final Tracer tracer;
  private final Context caller;
  private final Route route;
  private final long startNanos = System.nanoTime();
  private final long startEpochNanos;
  private final Span server;
  private Span client = Span.getInvalid();
  private Span scoring = Span.getInvalid();
  private long answeredEpochNanos;

  /**
   * @param caller the context the request came with
   */
  SpanTrace(Tracer tracer, Context caller, String id, Route route, HttpServerRequest request) {
    this.tracer = tracer;
    this.caller = caller;
    this.route = route;
    Instant now = Instant.now();
    this.startEpochNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    this.server =
        tracer
            .spanBuilder(SpanFacts.operation(route))
            .setSpanKind(SpanKind.SERVER)
            .setParent(caller)
            .setStartTimestamp(startEpochNanos, TimeUnit.NANOSECONDS)
            .startSpan();
    if (server.isRecording()) {
      SpanFacts.request(server, id, route, request);
    }
  }

  /** A caller's context that is not recorded goes on as it came. */
  @Override
  public synchronized void sending(HttpClientRequest request) {
    client.end();
    client = child("origin", SpanKind.CLIENT);
    if (client.isRecording()) {
      SpanFacts.origin(client, request);
    }
    if (client.isRecording() || !Span.fromContext(caller).getSpanContext().isValid()) {
      TraceContext.put(Context.root().with(client), request.headers());
    }
  }

  @Override
  public synchronized void firstByte(int status) {
    client.addEvent("first_byte");
    client.setAttribute(SpanFacts.STATUS, (long) status);
    if (status >= 400) {
      client.setStatus(StatusCode.ERROR);
    }
  }

  @Override
  public synchronized void answered() {
    if (answeredEpochNanos == 0) {
      answeredEpochNanos = startEpochNanos + System.nanoTime() - startNanos;
    }
    client.end();
  }

  @Override
  public synchronized void scoring() {
    scoring = child("score", SpanKind.INTERNAL);
  }

  @Override
  public synchronized void reading() {
    scoring.addEvent("read");
  }

  @Override
  public synchronized void scored(Reading reading) {
    if (scoring.isRecording()) {
      SpanFacts.reading(scoring, reading);
    }
    scoring.end();
  }

  @Override
  public String traceId() {
    return server.getSpanContext().isSampled() ? server.getSpanContext().getTraceId() : "";
  }

  @Override
  public synchronized void settled(Settled facts) {
    answered();
    scored(facts.reading());
    if (server.isRecording()) {
      SpanFacts.settled(server, client, route, facts);
    }
    server.end(answeredEpochNanos, TimeUnit.NANOSECONDS);
  }

  private Span child(String name, SpanKind kind) {
    return tracer
        .spanBuilder(name)
        .setSpanKind(kind)
        .setParent(Context.root().with(server))
        .startSpan();
  }
}
