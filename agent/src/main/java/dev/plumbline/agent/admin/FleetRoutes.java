package dev.plumbline.agent.admin;

import dev.plumbline.agent.fleet.FleetDesk;
import dev.plumbline.agent.fleet.PackedArtefact;
import dev.plumbline.agent.fleet.SignedCommand;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code GET /api/fleet}; {@code POST /api/fleet/commands}: the signed bytes of a command in base64
 * as {@code plumbline-fleet-command}, {@code KEYID:BASE64} as {@code plumbline-fleet-signature},
 * the packed artefact of a {@code publish} as the body. Whoever reaches the port needs a trusted
 * key.
 */
public final class FleetRoutes {
  static final String COMMANDS = "/api/fleet/commands";

  public static final String COMMAND = "plumbline-fleet-command";
  public static final String SIGNATURE = "plumbline-fleet-signature";

  /** Commands whose bodies are gathered at one time. */
  private static final int MOST_AT_WORK = 2;

  private final AtomicInteger atWork = new AtomicInteger();
  private final Vertx vertx;
  private final Optional<FleetDesk> desk;

  /**
   * @param desk absent where {@code fleet.enabled} is false
   */
  public FleetRoutes(Vertx vertx, Optional<FleetDesk> desk) {
    this.vertx = vertx;
    this.desk = desk;
  }

  void addTo(Router router) {
    router.get("/api/fleet").handler(this::status);
    router.post(COMMANDS).handler(this::command);
  }

  private void status(RoutingContext context) {
    if (desk.isEmpty()) {
      json(context, 200, new JsonObject().put("enabled", false).encode());
      return;
    }
    vertx
        .executeBlocking(() -> desk.get().status().toString(), false)
        .onSuccess(page -> json(context, 200, page))
        .onFailure(context::fail);
  }

  private void command(RoutingContext context) {
    if (desk.isEmpty()) {
      String why = "wanted an agent with a fleet, found none; set fleet.enabled";
      json(context, 409, new JsonObject().put("result", "no_fleet").put("error", why).encode());
      return;
    }
    if (atWork.incrementAndGet() > MOST_AT_WORK) {
      atWork.decrementAndGet();
      String why = "wanted at most " + MOST_AT_WORK + " commands at a time, found more; try again";
      json(context, 429, new JsonObject().put("result", "busy").put("error", why).encode());
      return;
    }
    context.addEndHandler(end -> atWork.decrementAndGet());
    gather(context, context.request());
  }

  private void gather(RoutingContext context, HttpServerRequest request) {
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() <= PackedArtefact.MOST_BYTES) {
            body.appendBuffer(chunk);
          } else if (!context.response().ended()) {
            tooLarge(context);
          }
        });
    request.endHandler(
        v -> {
          if (!context.response().ended()) {
            offer(context, request, body.getBytes());
          }
        });
  }

  private static void tooLarge(RoutingContext context) {
    context.response().putHeader("connection", "close");
    String why = "wanted at most " + PackedArtefact.MOST_BYTES + " bytes, found more";
    json(context, 413, new JsonObject().put("result", "too_large").put("error", why).encode());
  }

  private void offer(RoutingContext context, HttpServerRequest request, byte[] content) {
    SignedCommand signed =
        SignedCommand.received(bytes(request.getHeader(COMMAND)), request.getHeader(SIGNATURE));
    vertx
        .executeBlocking(() -> desk.get().offer(signed, content), false)
        .onSuccess(answer -> answer(context, answer))
        .onFailure(context::fail);
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(Optional.ofNullable(base64).orElse(""));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static void answer(RoutingContext context, FleetDesk.Answer answer) {
    JsonObject body =
        new JsonObject().put("result", answer.result()).put("members", answer.members().size());
    if (!answer.accepted()) {
      body.put("error", answer.why());
    }
    json(context, code(answer.result()), body.encode());
  }

  private static int code(String result) {
    return switch (result) {
      case "applied", "not_applicable" -> 200;
      case "unsigned", "bad_signature", "unknown_key" -> 403;
      case "garbage", "wrong_version", "wrong_content" -> 400;
      default -> 409;
    };
  }

  private static void json(RoutingContext context, int status, String body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body);
  }
}
