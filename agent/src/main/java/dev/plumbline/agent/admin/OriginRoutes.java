package dev.plumbline.agent.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.origins.Health;
import dev.plumbline.agent.origins.OriginServer;
import dev.plumbline.agent.origins.OriginTable;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** {@code GET /api/origins}: the servers behind the proxy and how they are; none: an empty list. */
public final class OriginRoutes {
  private final Optional<OriginTable> origins;

  /**
   * @param origins absent where the agent serves its model itself
   */
  public OriginRoutes(Optional<OriginTable> origins) {
    this.origins = origins;
  }

  void addTo(Router router) {
    router.get("/api/origins").handler(this::all);
  }

  private void all(RoutingContext context) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode array = root.putArray("origins");
    origins.ifPresent(table -> table.all().forEach(server -> array.add(of(table, server))));
    context.response().putHeader("content-type", "application/json").end(root.toString());
  }

  /** A URL of the configuration never has a password in it: such a one is refused there. */
  private static ObjectNode of(OriginTable table, OriginServer server) {
    Health.Known known = server.health().known();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", server.name());
    node.put("url", server.settings().url().toString());
    node.put("default", table.fallback().servers().contains(server));
    ArrayNode models = node.putArray("models");
    server.models().forEach(models::add);
    node.put("health", known.state().wireName());
    node.put("since", known.since().toString());
    node.put("last_error", known.lastError().orElse(null));
    node.put("last_error_at", known.lastErrorAt().map(Object::toString).orElse(null));
    node.put("in_flight", server.inFlight());
    node.set("tap", server.tap().toJson());
    return node;
  }
}
