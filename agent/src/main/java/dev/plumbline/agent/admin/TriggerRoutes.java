package dev.plumbline.agent.admin;

import dev.plumbline.agent.enforce.trigger.TriggerEvent;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.mitigations.trigger.Command;
import dev.plumbline.mitigations.trigger.RouteTrigger;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code GET /api/triggers}; {@code POST /api/triggers/arm|disarm|off?model=NAME}: the name is a
 * parameter, since model names hold slashes.
 */
public final class TriggerRoutes {
  private final Triggers triggers;

  public TriggerRoutes(Triggers triggers) {
    this.triggers = triggers;
  }

  void addTo(Router router) {
    router.get("/api/triggers").handler(context -> json(context, 200, all()));
    for (Command command : Command.values()) {
      String path = "/api/triggers/" + command.name().toLowerCase(Locale.ROOT);
      router.post(path).handler(context -> command(context, command));
    }
  }

  /** An event of the feed. */
  public static String event(TriggerEvent event) {
    return new JsonObject()
        .put("scope", event.scope())
        .put("name", event.name())
        .put("from", event.transition().from().wireName())
        .put("to", event.transition().to().wireName())
        .put("reason", event.transition().reason().wireName())
        .put("at", event.transition().at().toString())
        .encode();
  }

  private void command(RoutingContext context, Command command) {
    String model = Optional.ofNullable(context.request().getParam("model")).orElse("");
    Optional<RouteTrigger.View> done = triggers.command(model, command);
    if (done.isPresent()) {
      json(context, 200, new JsonObject().put(model, view(done.get())));
      return;
    }
    String why =
        triggers.held().isEmpty()
            ? "wanted triggers, found none configured; set trigger.mode"
            : "model: wanted a model that was asked before or 'other', found '" + model + "'";
    json(context, triggers.held().isEmpty() ? 409 : 404, new JsonObject().put("error", why));
  }

  private JsonObject all() {
    JsonObject routes = new JsonObject();
    triggers.routes().forEach((name, view) -> routes.put(name, view(view)));
    JsonObject all = new JsonObject().put("configured", triggers.held().isPresent());
    triggers
        .held()
        .ifPresent(
            held ->
                all.put("mode", held.raisedTo().wireName())
                    .put(
                        "conversations",
                        new JsonObject()
                            .put("held", held.conversations())
                            .put("active", held.active())
                            .put("evicted", held.evicted())
                            .put("evicted_active", held.evictedActive())));
    return all.put("routes", routes);
  }

  private static JsonObject view(RouteTrigger.View view) {
    return new JsonObject()
        .put("state", view.status().state().wireName())
        .put("since", view.status().since().toString())
        .put("hold", view.status().hold().name().toLowerCase(Locale.ROOT))
        .put("not_active_before", view.status().notActiveBefore().toString())
        .put("rate", view.rate().isPresent() ? view.rate().getAsDouble() : null)
        .put("scored", view.scored())
        .put("unscored", view.unscored())
        .put("treated", view.treated());
  }

  private static void json(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body.encode());
  }
}
