package dev.plumbline.agent.oip;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.shm.Regions;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** The protocol's REST routes. One for each event loop. */
final class RestRoutes {
  /** A registration is a few names and numbers. */
  private static final int MOST_REGISTRATION = 16 << 10;

  private final InferService service;
  private final Meters meters;
  private final Context loop;
  private final int mostBytes;

  RestRoutes(InferService service, Meters meters, Context loop, int mostBytes) {
    this.service = service;
    this.meters = meters;
    this.loop = loop;
    this.mostBytes = mostBytes;
  }

  void handle(HttpServerRequest request) {
    try {
      RestPath path = RestPath.of(request.path());
      requireMethod(request, path);
      if (path.what() == RestPath.What.INFER) {
        InferService.requireModel(path.name(), path.version());
        RestInfer.handle(service, request, loop, mostBytes);
      } else if (path.what() == RestPath.What.REGISTER) {
        register(request, path.name());
      } else {
        answer(request.response(), path);
      }
    } catch (RuntimeException e) {
      RestReplies.refuse(request.response(), meters, Refusal.of(e));
    }
  }

  private static void requireMethod(HttpServerRequest request, RestPath path) {
    boolean head = path.method().equals("GET") && request.method().name().equals("HEAD");
    boolean any = path.what() == RestPath.What.NOT_OFFERED || path.what() == RestPath.What.UNKNOWN;
    if (!any && !head && !request.method().name().equals(path.method())) {
      throw new Refusal(
          OipFault.NOT_ALLOWED,
          UnscoredReason.OFF,
          "method: wanted " + path.method() + ", found another");
    }
  }

  private void answer(HttpServerResponse response, RestPath path) {
    switch (path.what()) {
      case SERVER -> tell(response, FactsJson.server(service.sharesMemory()));
      case LIVE -> tell(response, FactsJson.object().put("live", true));
      case READY -> ready(response, FactsJson.object());
      case MODEL_READY -> {
        InferService.requireModel(path.name(), path.version());
        ready(response, FactsJson.object().put("name", OipModel.NAME));
      }
      case MODEL -> tell(response, FactsJson.model(facts(path)));
      case CONFIG -> tell(response, FactsJson.config(facts(path)));
      case STATS -> {
        InferService.requireModel(path.name(), path.version());
        tell(response, FactsJson.statistics(service.statistics()));
      }
      case REGIONS -> tell(response, FactsJson.regions(service.regions().status(path.name())));
      case UNREGISTER -> {
        Regions regions = service.regions();
        aside(response, () -> regions.unregister(path.name()));
      }
      case NOT_OFFERED -> throw notOffered();
      default -> throw unknown();
    }
  }

  private ModelFacts facts(RestPath path) {
    InferService.requireModel(path.name(), path.version());
    return ModelFacts.of(
        service
            .model()
            .orElseThrow(
                () ->
                    new Refusal(
                        OipFault.BUSY,
                        UnscoredReason.OFF,
                        "wanted a direction, found it loading")));
  }

  private void ready(
      HttpServerResponse response, com.fasterxml.jackson.databind.node.ObjectNode node) {
    boolean ready = service.model().isPresent();
    RestReplies.other(response, meters, ready ? 200 : 503, node.put("ready", ready));
  }

  private void register(HttpServerRequest request, String name) {
    Regions regions = service.regions();
    Buffer body = Buffer.buffer();
    request.handler(
        piece -> {
          if (body.length() <= MOST_REGISTRATION) {
            body.appendBuffer(piece);
          }
        });
    request.endHandler(
        end -> {
          try {
            JsonNode asked = Json.look(body.getBytes()).orElseThrow(RestRoutes::notJson);
            String key = asked.path("key").asText();
            long offset = number(asked, "offset");
            long size = number(asked, "byte_size");
            aside(request.response(), () -> regions.register(name, key, offset, size));
          } catch (RuntimeException e) {
            RestReplies.refuse(request.response(), meters, Refusal.of(e));
          }
        });
    request.exceptionHandler(gone -> meters.count(Meter.OTHER_REQUESTS, "4xx"));
  }

  /** Files are opened and closed beside the event loop. */
  private void aside(HttpServerResponse response, Runnable work) {
    loop.executeBlocking(java.util.concurrent.Executors.callable(work))
        .onSuccess(done -> tell(response, FactsJson.object()))
        .onFailure(e -> RestReplies.refuse(response, meters, Refusal.of(e)));
  }

  private static long number(JsonNode asked, String name) {
    JsonNode value = asked.path(name);
    if (value.isMissingNode() && name.equals("offset")) {
      return 0;
    }
    if (!value.canConvertToLong()) {
      throw Refusal.invalid(name + ": wanted a whole number, found none");
    }
    return value.longValue();
  }

  private void tell(HttpServerResponse response, JsonNode body) {
    RestReplies.other(response, meters, 200, body);
  }

  private static Refusal notJson() {
    return Refusal.invalid("body: wanted {\"key\",\"offset\",\"byte_size\"}, found no JSON object");
  }

  private static Refusal notOffered() {
    return new Refusal(
        OipFault.NOT_OFFERED,
        UnscoredReason.OFF,
        "wanted a route of the core protocol, found CUDA shared memory, repository control, generation,"
            + " tracing or logging: not offered here");
  }

  private static Refusal unknown() {
    return new Refusal(
        OipFault.NOT_FOUND, UnscoredReason.OFF, "wanted a route below /v2, found another path");
  }
}
