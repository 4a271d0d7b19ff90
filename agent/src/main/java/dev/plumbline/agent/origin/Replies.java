package dev.plumbline.agent.origin;

import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Whole JSON responses. */
final class Replies {
  private Replies() {}

  static void json(HttpServerResponse response, int status, byte[] body) {
    if (response.closed() || response.ended()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(Buffer.buffer(body));
  }

  static void error(HttpServerResponse response, WireError error) {
    json(response, error.kind().status(), error.toBytes());
  }

  static WireError notReady() {
    return WireError.of(ErrorKind.NOT_READY, "The model is being loaded. Try again in a moment.");
  }

  static WireError noSuchModel(String name, List<String> names) {
    String shown = name.length() <= 100 ? name : name.substring(0, 100) + "...";
    return WireError.of(
        ErrorKind.MODEL_NOT_FOUND,
        "model",
        "The model '"
            + shown
            + "' does not exist. This server has: "
            + String.join(", ", names)
            + ".");
  }
}
