package dev.plumbline.agent;

import dev.plumbline.agent.console.ConsoleRoutes;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The console over an admin port that says what a test wants: refusals, floods, hostile texts. */
final class ScriptedAdmin implements AutoCloseable {
  /** Markup, a script, what turns or hides text, and no place to break a line. */
  static final String HOSTILE =
      "<script>window.hit=1</script><img src=x onerror='window.hit=2'>\u202Edetfird\u200B\u2066"
          + "${window.hit=3}{{7*7}}"
          + "W".repeat(3000);

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final String token;
  private final int flood;
  private final List<HttpServerResponse> streams = new CopyOnWriteArrayList<>();

  /**
   * @param token wanted of everything but the page; empty for none
   * @param flood exchanges that each reader of the feed is sent at once
   */
  ScriptedAdmin(String token, int flood) {
    this.token = token;
    this.flood = flood;
    Router router = Router.router(vertx);
    new ConsoleRoutes(vertx).addTo(router);
    router.post("/cut").handler(this::cut);
    router.post("/more").handler(this::more);
    router.route().handler(this::authorise);
    router.get("/api/events").handler(this::events);
    router.get("/api/exchanges").handler(context -> json(context, exchanges()));
    router.get("/api/state").handler(context -> json(context, "{\"switch\":\"on\"}"));
    router
        .get("/api/triggers")
        .handler(context -> json(context, "{\"configured\":false,\"routes\":{}}"));
    router.get("/api/origins").handler(context -> json(context, origins()));
    router.get("/api/adapters").handler(context -> json(context, "{\"via\":\"off\"}"));
    router.get("/api/artefacts").handler(context -> json(context, "{\"artefacts\":[]}"));
    router.get("/api/fleet").handler(context -> json(context, fleet()));
    router.get("/api/tokens").handler(context -> json(context, texts()));
    router.get("/api/tokens/:id").handler(context -> json(context, tokens()));
    router.get("/metrics").handler(context -> json(context, ""));
    router
        .get("/health/ready")
        .handler(context -> json(context, "{\"status\":\"ready\",\"why\":\"\"}"));
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  int port() {
    return server.actualPort();
  }

  private void authorise(RoutingContext context) {
    String given = context.request().getHeader("authorization");
    if (token.isEmpty() || ("Bearer " + token).equals(given)) {
      context.next();
    } else {
      context.response().setStatusCode(401).putHeader("www-authenticate", "Bearer").end();
    }
  }

  private void events(RoutingContext context) {
    HttpServerResponse response = context.response();
    response.setChunked(true).putHeader("content-type", "text/event-stream");
    response.write(": verdicts follow\n\n");
    if (streams.isEmpty()) {
      for (int i = 0; i < flood; i++) {
        response.write(event(i));
      }
    }
    streams.add(response);
  }

  private void more(RoutingContext context) {
    streams.get(streams.size() - 1).write(event(flood));
    context.response().end();
  }

  private void cut(RoutingContext context) {
    streams.get(streams.size() - 1).end();
    context.response().end();
  }

  private static String event(int i) {
    JsonObject exchange = exchange("id-" + i, "m", i % 10 == 0 ? 0.99 : 0.01);
    return "event: verdict\nid: id-" + i + "\ndata: " + exchange.encode() + "\n\n";
  }

  private static JsonObject exchange(String id, String model, double score) {
    return new JsonObject()
        .put("id", id)
        .put("model", model)
        .put("route", "/v1/chat/completions")
        .put("origin", model)
        .put("mode", "observe")
        .put("stream", true)
        .put("status", 200)
        .put("outcome", "completed")
        .put("verdict", score > 0.9 ? "drifted" : "aligned")
        .put("score", score)
        .put("action", "none")
        .put("direction", model)
        .put("directions", new JsonObject())
        .put("tokens_scored", 3)
        .put("started_at", "2026-01-01T00:00:00Z")
        .put("answer_ms", 1)
        .put("scoring_ms", 1);
  }

  private String exchanges() {
    JsonArray all = new JsonArray();
    if (flood == 0) {
      all.add(exchange("hostile", HOSTILE, 0.99));
    }
    return new JsonObject().put("exchanges", all).encode();
  }

  private static String origins() {
    JsonObject origin =
        new JsonObject()
            .put("name", HOSTILE)
            .put("url", "javascript:window.hit=4")
            .put("health", "unhealthy")
            .put("since", "2026-01-01T00:00:00Z")
            .put("last_error", HOSTILE)
            .put("in_flight", 0)
            .put("tap", new JsonObject().put("taken", "off"));
    return new JsonObject().put("origins", new JsonArray().add(origin)).encode();
  }

  private static String fleet() {
    return new JsonObject().put("members", new JsonArray().add(HOSTILE)).encode();
  }

  private static String texts() {
    JsonObject text = new JsonObject().put("id", "hostile").put("asked", HOSTILE);
    return new JsonObject()
        .put("exchanges", 1)
        .put("text", true)
        .put("latest", new JsonArray().add(text.put("answer", HOSTILE)))
        .encode();
  }

  private static String tokens() {
    JsonObject token = new JsonObject().put("readout", 9.0).put("score", 0.99).put("text", HOSTILE);
    return new JsonObject()
        .put("text", true)
        .put("asked", HOSTILE)
        .put("left_out", 0)
        .put("mean", 0)
        .put("spread", 1)
        .put("tokens", new JsonArray().add(token))
        .put("layers", new JsonArray())
        .encode();
  }

  private static void json(RoutingContext context, String body) {
    context.response().putHeader("content-type", "application/json").end(body);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
