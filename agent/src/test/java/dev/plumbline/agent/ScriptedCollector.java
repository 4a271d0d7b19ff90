package dev.plumbline.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A collector of spans over OTLP/HTTP that keeps what it was sent. */
final class ScriptedCollector implements AutoCloseable {
  private final ScriptedOrigin server;

  /**
   * @param status what each export is answered with
   */
  ScriptedCollector(String status) throws IOException {
    server =
        ScriptedOrigin.sending(
            "HTTP/1.1 "
                + status
                + "\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n");
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Bodies as they came. */
  String bodies() {
    return server.requests.stream()
        .map(request -> new String(request.body(), StandardCharsets.ISO_8859_1))
        .collect(Collectors.joining());
  }

  List<ScriptedOrigin.Request> requests() {
    return server.requests;
  }

  List<ResourceSpans> resources() {
    return server.requests.stream()
        .flatMap(request -> parse(request.body()).getResourceSpansList().stream())
        .toList();
  }

  List<Span> spans() {
    return resources().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  /** Waits for so many spans. */
  List<Span> await(int count) {
    Agents.await(count + " spans", () -> spans().size() >= count);
    return spans();
  }

  static Span ofKind(List<Span> spans, Span.SpanKind kind) {
    return spans.stream().filter(span -> span.getKind() == kind).findFirst().orElseThrow();
  }

  static String hex(com.google.protobuf.ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  static Map<String, Object> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(Collectors.toMap(KeyValue::getKey, pair -> value(pair.getValue())));
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case BOOL_VALUE -> value.getBoolValue();
      default -> throw new AssertionError(value);
    };
  }

  private static ExportTraceServiceRequest parse(byte[] body) {
    try {
      return ExportTraceServiceRequest.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
