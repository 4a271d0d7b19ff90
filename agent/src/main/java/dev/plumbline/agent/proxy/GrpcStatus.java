package dev.plumbline.agent.proxy;

import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * An end of a gRPC call that the agent makes itself. It stands in HTTP trailers with status 200, or
 * in the head where nothing else is sent (gRPC over HTTP/2, "Responses": Trailers-Only).
 *
 * @param code of the canonical codes of gRPC
 * @param message wanted, found and what to do, for a person
 */
record GrpcStatus(int code, String message) {
  static final String CODE = "grpc-status";
  static final String MESSAGE = "grpc-message";
  static final int OK = 0;
  static final int INVALID_ARGUMENT = 3;
  static final int DEADLINE_EXCEEDED = 4;
  static final int UNIMPLEMENTED = 12;
  static final int UNAVAILABLE = 14;

  GrpcStatus {
    Objects.requireNonNull(message, "message");
  }

  static GrpcStatus unavailable(String message) {
    return new GrpcStatus(UNAVAILABLE, message);
  }

  /** The two fields, the message percent-encoded as the protocol wants it. */
  Map<String, String> fields() {
    return Map.of(CODE, Integer.toString(code), MESSAGE, encoded());
  }

  /** Ends a call of which nothing went out. */
  void answer(HttpServerResponse out) {
    out.headers().clear();
    out.setStatusCode(200).putHeader("content-type", "application/grpc");
    fields().forEach(out::putHeader);
    endHead(out);
  }

  /** Ends a call with its head; Vert.x would make up a length of 0. */
  static void endHead(HttpServerResponse out) {
    out.headersEndHandler(v -> out.headers().remove("content-length"));
    out.end();
  }

  /** Ends a call whose head is out. */
  void finish(HttpServerResponse out) {
    fields().forEach(out::putTrailer);
    out.end();
  }

  private String encoded() {
    StringBuilder text = new StringBuilder();
    for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0x20 && b <= 0x7e && b != '%') {
        text.append((char) b);
      } else {
        text.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
      }
    }
    return text.toString();
  }
}
