package dev.plumbline.agent.oip;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.wire.oip.RestBody;
import dev.plumbline.agent.wire.oip.RestWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;

/** Writes REST answers; on the request's event loop. */
final class RestReplies {
  private RestReplies() {}

  static Future<Void> send(HttpServerResponse response, int status, RestBody body) {
    response.setStatusCode(status);
    response.putHeader("content-type", body.contentType());
    body.headerLength()
        .ifPresent(length -> response.putHeader(RestBody.HEADER_LENGTH, String.valueOf(length)));
    return response.end(Buffer.buffer(body.toBytes()));
  }

  /** An answer that is no exchange; counted. */
  static void other(HttpServerResponse response, Meters meters, int status, JsonNode body) {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    meters.count(Meter.OTHER_REQUESTS, status / 100 + "xx");
    response.setStatusCode(status).putHeader("content-type", RestBody.JSON_TYPE);
    response.end(Buffer.buffer(bytes));
  }

  static void refuse(HttpServerResponse response, Meters meters, Refusal refusal) {
    int status = refusal.fault().httpStatus();
    meters.count(Meter.OTHER_REQUESTS, status / 100 + "xx");
    send(response, status, RestWriter.error(refusal.getMessage()));
  }
}
