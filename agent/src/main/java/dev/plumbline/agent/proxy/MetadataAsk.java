package dev.plumbline.agent.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.oip.grpc.ModelMetadataRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelMetadataResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Asks an origin what a model outputs, {@code GET /v2/models/M} or {@code ModelMetadata}, with the
 * credentials of the client whose request made it a question. Lives on one event loop.
 */
final class MetadataAsk {
  static final long DEADLINE_MILLIS = 2_000;
  private static final int PREFIX = 5;
  private static final String GRPC = "/inference.GRPCInferenceService/ModelMetadata";
  private static final int MOST_BYTES = 1 << 20;

  private final Vertx vertx;
  private final OriginTable table;
  private final Destinations destinations;
  private final GrpcDestinations calls;

  MetadataAsk(Vertx vertx, Destinations destinations, GrpcDestinations calls) {
    this.calls = calls;
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
    return asked(
        destinations.client(table.get(origin)).ask(path, from),
        Buffer.buffer(),
        (answer, body) ->
            answer.statusCode() / 100 == 2
                ? Optional.of(declares(body, tensor))
                : Optional.empty());
  }

  /** The same over gRPC. */
  Future<Boolean> grpc(
      String origin, String model, String version, HttpServerRequest from, String tensor) {
    byte[] asked =
        ModelMetadataRequest.newBuilder().setName(model).setVersion(version).build().toByteArray();
    return asked(
        calls.client(origin).ask(GRPC, from),
        GrpcAnswers.framed(asked),
        (answer, body) -> declared(body, tensor));
  }

  private Future<Boolean> asked(
      Future<HttpClientRequest> open,
      Buffer body,
      BiFunction<HttpClientResponse, Buffer, Optional<Boolean>> read) {
    Promise<Boolean> declared = Promise.promise();
    long timer = vertx.setTimer(DEADLINE_MILLIS, late -> declared.tryFail("no answer in time"));
    open.onFailure(declared::tryFail)
        .onSuccess(
            request -> {
              request.exceptionHandler(declared::tryFail);
              declared.future().onFailure(late -> request.reset());
              request
                  .response()
                  .onFailure(declared::tryFail)
                  .onSuccess(answer -> gather(answer, read, declared));
              request.end(body);
            });
    return declared.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static void gather(
      HttpClientResponse answer,
      BiFunction<HttpClientResponse, Buffer, Optional<Boolean>> read,
      Promise<Boolean> declared) {
    Buffer body = Buffer.buffer();
    answer.exceptionHandler(declared::tryFail);
    answer.endHandler(
        end ->
            read.apply(answer, body)
                .ifPresentOrElse(declared::tryComplete, () -> declared.tryFail("no metadata")));
    answer.handler(
        chunk -> {
          if (body.length() + chunk.length() > MOST_BYTES) {
            declared.tryFail("too long");
          } else {
            body.appendBuffer(chunk);
          }
        });
  }

  /** One plain message; an error has none, and one that was asked for nothing is not compressed. */
  private static Optional<Boolean> declared(Buffer body, String tensor) {
    if (body.length() < PREFIX
        || body.getByte(0) != 0
        || body.getUnsignedInt(1) != body.length() - PREFIX) {
      return Optional.empty();
    }
    try {
      ModelMetadataResponse facts =
          ModelMetadataResponse.parseFrom(body.getBytes(PREFIX, body.length()));
      return Optional.of(
          facts.getOutputsList().stream().anyMatch(each -> each.getName().equals(tensor)));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static boolean declares(Buffer metadata, String tensor) {
    return Json.look(metadata.getBytes()).stream()
        .flatMap(facts -> facts.path("outputs").findValuesAsText("name").stream())
        .anyMatch(tensor::equals);
  }
}
