package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.OriginServer;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.WireError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code GET /v1/models} of several origins: all their lists as one, each name once and only where
 * a request for it would go to an origin that lists it. Whoever does not answer in time is left
 * out; the list then says so in {@code plumbline-left-out}. Lives on one event loop.
 */
final class ModelLists {
  static final long DEADLINE_MILLIS = 2_000;
  private static final int MOST_BYTES = 1 << 20;
  private static final String LEFT_OUT = "plumbline-left-out";

  /** The client's body does not go on, and no origin knows the list it has a version of. */
  private static final List<String> NOT_OF_A_LIST =
      List.of(
          "expect",
          "content-length",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "if-range",
          "range");

  private final Vertx vertx;
  private final Destinations destinations;
  private final Meters meters;

  ModelLists(Vertx vertx, Destinations destinations, Meters meters) {
    this.vertx = vertx;
    this.destinations = destinations;
    this.meters = meters;
  }

  /** Answers; the client's headers, its credentials included, go to each origin. */
  void answer(HttpServerRequest in) {
    OriginTable table = destinations.table();
    List<Future<Optional<JsonNode>>> asked = new ArrayList<>();
    table.all().forEach(server -> asked.add(list(in, server)));
    Future.join(asked)
        .onComplete(
            done -> {
              Map<OriginServer, JsonNode> lists = new LinkedHashMap<>();
              for (int i = 0; i < asked.size(); i++) {
                OriginServer server = table.all().get(i);
                asked.get(i).result().ifPresent(list -> lists.put(server, list));
              }
              tell(in, table, lists);
            });
  }

  /** One origin's list; never fails. */
  private Future<Optional<JsonNode>> list(HttpServerRequest in, OriginServer server) {
    Promise<Optional<JsonNode>> list = Promise.promise();
    long timer = vertx.setTimer(DEADLINE_MILLIS, late -> list.tryComplete(Optional.empty()));
    destinations
        .client(server)
        .open(in, Optional.empty(), false)
        .onSuccess(request -> send(request, list))
        .onFailure(failure -> list.tryComplete(Optional.empty()));
    return list.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static void send(HttpClientRequest request, Promise<Optional<JsonNode>> list) {
    NOT_OF_A_LIST.forEach(request.headers()::remove);
    request.headers().set("accept-encoding", "identity");
    request.exceptionHandler(e -> list.tryComplete(Optional.empty()));
    list.future()
        .onSuccess(
            found -> {
              if (found.isEmpty()) {
                request.reset();
              }
            });
    request
        .response()
        .onSuccess(answer -> gather(answer, list))
        .onFailure(e -> list.tryComplete(Optional.empty()));
    request.setChunked(false).end();
  }

  private static void gather(HttpClientResponse answer, Promise<Optional<JsonNode>> list) {
    Buffer body = Buffer.buffer();
    answer.exceptionHandler(e -> list.tryComplete(Optional.empty()));
    answer.endHandler(
        end ->
            list.tryComplete(
                answer.statusCode() / 100 == 2
                    ? Json.look(body.getBytes()).filter(node -> node.path("data").isArray())
                    : Optional.empty()));
    answer.handler(
        chunk -> {
          if (body.length() + chunk.length() > MOST_BYTES) {
            list.tryComplete(Optional.empty());
          } else {
            body.appendBuffer(chunk);
          }
        });
  }

  private void tell(HttpServerRequest in, OriginTable table, Map<OriginServer, JsonNode> lists) {
    if (in.response().closed()) {
      meters.count(Meter.OTHER_REQUESTS, "none");
      return;
    }
    List<String> missing =
        table.all().stream().filter(s -> !lists.containsKey(s)).map(OriginServer::name).toList();
    meters.count(Meter.MODEL_LISTS, missing.isEmpty() ? "whole" : "partial");
    if (lists.isEmpty()) {
      meters.count(Meter.OTHER_REQUESTS, "5xx");
      String why = "Wanted a list of models from " + missing + ", found none. Check that they run.";
      WireError error = WireError.of(ErrorKind.ORIGIN_UNREACHABLE, why);
      end(in, error.kind().status(), error.toBytes());
      return;
    }
    if (!missing.isEmpty()) {
      in.response().putHeader(LEFT_OUT, String.join(", ", missing));
    }
    meters.count(Meter.OTHER_REQUESTS, "2xx");
    end(in, 200, merged(table, lists).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static ObjectNode merged(OriginTable table, Map<OriginServer, JsonNode> lists) {
    Map<String, JsonNode> models = new LinkedHashMap<>();
    lists.forEach(
        (server, list) ->
            list.path("data")
                .forEach(
                    model -> {
                      String id = model.path("id").asText();
                      if (table.of(id).servers().contains(server)) {
                        models.putIfAbsent(id, model);
                      }
                    }));
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = root.putArray("data");
    models.values().forEach(data::add);
    return root;
  }

  private static void end(HttpServerRequest in, int status, byte[] body) {
    in.response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(Buffer.buffer(body));
  }
}
