package dev.plumbline.agent.proxy;

import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;

/**
 * Asks an origin what a model outputs: {@code GET /v2/models/M}, with the credentials of the client
 * whose request made it a question. Lives on one event loop.
 */
final class MetadataAsk {
  static final long DEADLINE_MILLIS = 2_000;
  private static final int MOST_BYTES = 1 << 20;

  private final Vertx vertx;
  private final OriginTable table;
  private final Destinations destinations;

  MetadataAsk(Vertx vertx, Destinations destinations) {
    this.vertx = vertx;
    this.table = destinations.table();
    this.destinations = destinations;
  }

  /**
   * Whether a model declares an output. Fails when that cannot be found out in time.
   *
   * @param path the model's, with its version where one is named
   */
  Future<Boolean> rest(String origin, String path, HttpServerRequest from, String tensor) {
    Promise<Boolean> declared = Promise.promise();
    long timer = vertx.setTimer(DEADLINE_MILLIS, late -> declared.tryFail("no answer in time"));
    destinations
        .client(table.get(origin))
        .ask(path, from)
        .onSuccess(request -> send(request, tensor, declared))
        .onFailure(declared::tryFail);
    return declared.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static void send(HttpClientRequest request, String tensor, Promise<Boolean> declared) {
    request.exceptionHandler(declared::tryFail);
    declared.future().onFailure(late -> request.reset());
    request
        .response()
        .onSuccess(answer -> gather(answer, tensor, declared))
        .onFailure(declared::tryFail);
    request.end();
  }

  private static void gather(HttpClientResponse answer, String tensor, Promise<Boolean> declared) {
    Buffer body = Buffer.buffer();
    answer.exceptionHandler(declared::tryFail);
    answer.endHandler(
        end -> {
          if (answer.statusCode() / 100 == 2) {
            declared.tryComplete(declares(body, tensor));
          } else {
            declared.tryFail("status " + answer.statusCode());
          }
        });
    answer.handler(
        chunk -> {
          if (body.length() + chunk.length() > MOST_BYTES) {
            declared.tryFail("too long");
          } else {
            body.appendBuffer(chunk);
          }
        });
  }

  private static boolean declares(Buffer metadata, String tensor) {
    return Json.look(metadata.getBytes()).stream()
        .flatMap(facts -> facts.path("outputs").findValuesAsText("name").stream())
        .anyMatch(tensor::equals);
  }
}
