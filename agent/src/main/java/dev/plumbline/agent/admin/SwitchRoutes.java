package dev.plumbline.agent.admin;

import dev.plumbline.agent.enforce.KillSwitch;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** {@code POST /api/off}, {@code POST /api/on}, and {@code GET /api/state}. */
final class SwitchRoutes {
  private final Optional<KillSwitch> killSwitch;

  /**
   * @param killSwitch absent where the agent serves its model itself, and being off would mean not
   *     to serve
   */
  SwitchRoutes(Optional<KillSwitch> killSwitch) {
    this.killSwitch = killSwitch;
  }

  void addTo(Router router) {
    router.post("/api/off").handler(context -> turn(context, true));
    router.post("/api/on").handler(context -> turn(context, false));
    router.get("/api/state").handler(context -> json(context, 200, state()));
  }

  private void turn(RoutingContext context, boolean off) {
    if (killSwitch.isEmpty()) {
      String why =
          "wanted an agent in front of an origin (origin.url), found one that serves its model "
              + "itself; stop it instead";
      json(context, 409, new JsonObject().put("error", why));
    } else {
      killSwitch.get().turn(off);
      json(context, 200, state());
    }
  }

  private JsonObject state() {
    JsonObject state = new JsonObject().put("switch", killSwitch.isPresent() ? "" : "absent");
    killSwitch
        .map(KillSwitch::state)
        .ifPresent(now -> state.put("switch", now.wireName()).put("since", now.since().toString()));
    return state;
  }

  private static void json(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body.encode());
  }
}
