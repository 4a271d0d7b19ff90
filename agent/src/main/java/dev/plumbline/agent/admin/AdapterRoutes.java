package dev.plumbline.agent.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plumbline.agent.adapters.OriginAdapters;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * {@code GET /api/adapters}: the ablated variants of the origins and what was measured of them;
 * {@code POST /api/adapters/ORIGIN/verify} measures anew, {@code POST /api/adapters/ORIGIN/reload}
 * unloads and loads. Both answer 202 at once.
 */
public final class AdapterRoutes {
  private final Supplier<Optional<OriginAdapters>> adapters;

  /**
   * @param adapters empty where {@code ablated.via} is off
   */
  public AdapterRoutes(Supplier<Optional<OriginAdapters>> adapters) {
    this.adapters = adapters;
  }

  void addTo(Router router) {
    router.get("/api/adapters").handler(this::all);
    router
        .post("/api/adapters/:origin/verify")
        .handler(context -> begin(context, OriginAdapters::verify));
    router
        .post("/api/adapters/:origin/reload")
        .handler(context -> begin(context, OriginAdapters::reload));
  }

  private void all(RoutingContext context) {
    String page =
        adapters
            .get()
            .map(OriginAdapters::toJson)
            .orElseGet(() -> JsonNodeFactory.instance.objectNode().put("via", "off"))
            .toString();
    reply(context, 200, page);
  }

  private void begin(RoutingContext context, BiPredicate<OriginAdapters, String> work) {
    String origin = context.pathParam("origin");
    boolean begun = adapters.get().filter(all -> work.test(all, origin)).isPresent();
    JsonObject body =
        begun
            ? new JsonObject().put("status", "begun").put("see", "/api/adapters")
            : new JsonObject()
                .put("error", "wanted an origin with an ablated variant (ablated.via), found none");
    reply(context, begun ? 202 : 404, body.encode());
  }

  private static void reply(RoutingContext context, int status, String body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body);
  }
}
