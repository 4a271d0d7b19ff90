package dev.plumbline.agent.origin;

import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.agent.wire.WireException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request body up to a bound. */
final class BodyReader {
  private BodyReader() {}

  /** The body, or a {@link WireException} once it is over the bound. */
  static Future<Buffer> read(HttpServerRequest request, int bound) {
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() <= bound) {
            body.appendBuffer(chunk);
          } else {
            promise.tryFail(new WireException(tooLarge(bound)));
          }
        });
    request.endHandler(end -> promise.tryComplete(body));
    request.exceptionHandler(promise::tryFail);
    return promise.future();
  }

  private static WireError tooLarge(int bound) {
    return WireError.of(
        ErrorKind.BODY_TOO_LARGE,
        "body",
        "The request is too large: wanted at most " + bound + " bytes (limits.request-bytes).");
  }
}
