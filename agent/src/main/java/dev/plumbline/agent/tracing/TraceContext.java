package dev.plumbline.agent.tracing;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.MultiMap;

/** W3C Trace Context, level 2: {@code traceparent} and {@code tracestate}. */
final class TraceContext {
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final String STATE = "tracestate";

  private TraceContext() {}

  /** What a request came with; the root context where it came with nothing that can be read. */
  static Context of(MultiMap headers) {
    return W3C.extract(Context.root(), headers, Headers.GETTER);
  }

  /** Tells whom this request goes to; what the request told before of it is replaced. */
  static void put(Context context, MultiMap headers) {
    headers.remove(STATE);
    W3C.inject(context, headers, MultiMap::set);
  }

  /** Several lines of one list are one list; a second {@code traceparent} is not looked at. */
  private enum Headers implements TextMapGetter<MultiMap> {
    GETTER;

    @Override
    public Iterable<String> keys(MultiMap headers) {
      return headers.names();
    }

    @Override
    public String get(MultiMap headers, String name) {
      return name.equals(STATE) && headers.contains(STATE)
          ? String.join(",", headers.getAll(STATE))
          : headers.get(name);
    }
  }
}
