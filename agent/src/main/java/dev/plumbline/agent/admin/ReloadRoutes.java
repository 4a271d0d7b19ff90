package dev.plumbline.agent.admin;

import dev.plumbline.agent.config.LoadedConfig;
import dev.plumbline.agent.config.LoadedConfig.Changed;
import dev.plumbline.agent.config.Mistake;
import dev.plumbline.agent.reload.Reload;
import dev.plumbline.agent.reload.Reloader;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code POST /api/reload} and {@code GET /api/config}: the settings, and reading them again. */
public final class ReloadRoutes {
  private final Vertx vertx;
  private final Optional<Reloader> reloader;

  /**
   * @param reloader absent where the agent was given its settings by another program
   */
  public ReloadRoutes(Vertx vertx, Optional<Reloader> reloader) {
    this.vertx = vertx;
    this.reloader = reloader;
  }

  void addTo(Router router) {
    router.post("/api/reload").handler(context -> with(context, from -> reload(context, from)));
    router
        .get("/api/config")
        .handler(context -> with(context, from -> json(context, 200, config(from))));
  }

  private void with(RoutingContext context, Consumer<Reloader> action) {
    if (reloader.isPresent()) {
      action.accept(reloader.get());
    } else {
      String why = "wanted sources of the settings, found none: this agent runs within a program";
      json(context, 409, new JsonObject().put("error", why));
    }
  }

  private void reload(RoutingContext context, Reloader from) {
    vertx
        .executeBlocking(from::reload, false)
        .onSuccess(result -> answer(context, result))
        .onFailure(context::fail);
  }

  private static void answer(RoutingContext context, Reload result) {
    JsonObject body = new JsonObject().put("result", result.wireName());
    if (result instanceof Reload.Done done) {
      body.put("applied", changes(done.applied()))
          .put("needs_restart", changes(done.pending()))
          .put("unchanged", new JsonArray(done.unchanged()));
      json(context, 200, body);
    } else if (result instanceof Reload.Refused refused) {
      json(context, 422, body.put("error", refused.why()).put("mistakes", mistakes(refused)));
    } else if (result instanceof Reload.Busy busy) {
      json(context, 503, body.put("error", busy.why()));
    }
  }

  private static JsonArray changes(List<Changed> changes) {
    JsonArray array = new JsonArray();
    for (Changed change : changes) {
      array.add(
          new JsonObject()
              .put("key", change.key())
              .put("from", change.from())
              .put("to", change.to()));
    }
    return array;
  }

  private static JsonArray mistakes(Reload.Refused refused) {
    JsonArray array = new JsonArray();
    for (Mistake mistake : refused.mistakes()) {
      array.add(
          new JsonObject()
              .put("key", mistake.key())
              .put("source", mistake.source())
              .put("found", mistake.found())
              .put("wanted", mistake.wanted()));
    }
    return array;
  }

  private static JsonObject config(Reloader from) {
    JsonArray settings = new JsonArray();
    for (LoadedConfig.Effective setting : from.settings()) {
      settings.add(
          new JsonObject()
              .put("key", setting.key())
              .put("value", setting.value())
              .put("source", setting.source())
              .put("change", setting.change().name().toLowerCase(Locale.ROOT)));
    }
    return new JsonObject().put("settings", settings).put("needs_restart", changes(from.pending()));
  }

  private static void json(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body.encode());
  }
}
