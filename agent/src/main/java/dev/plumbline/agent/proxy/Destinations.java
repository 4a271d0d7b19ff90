package dev.plumbline.agent.proxy;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.OriginServer;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.origins.Replicas;
import dev.plumbline.agent.wire.PathModel;
import dev.plumbline.agent.wire.Route;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds out where requests go: by the model in the path, else by the one in the body of what is
 * asked of a model, else to the default. With one origin there is nothing to find out, and no body
 * is waited for. One per event loop, with its own connections to each origin.
 */
final class Destinations {
  private final OriginTable table;
  private final Meters meters;
  private final int bound;
  private final Map<OriginServer, OriginClient> clients = new HashMap<>();

  /**
   * @param bound bytes of a body up to which its model is waited for
   * @param share this loop's part of the connections, one in so many
   */
  Destinations(Vertx vertx, OriginTable table, Meters meters, int bound, int share) {
    this.table = table;
    this.meters = meters;
    this.bound = bound;
    table.all().forEach(o -> clients.put(o, new OriginClient(vertx, o, share)));
  }

  /**
   * The destination of a request.
   *
   * @param named told the name of the origin it goes to
   */
  Destination of(HttpServerRequest request, Route route, Consumer<String> named) {
    if (!table.several()) {
      return destination(table.fallback(), Optional.empty(), named);
    }
    Optional<String> inPath = PathModel.of(request.path());
    if (inPath.isPresent()) {
      meters.count(Meter.ROUTED, "path");
      return destination(table.of(inPath.get()), Optional.empty(), named);
    }
    if (request.method() == HttpMethod.POST && (route.generates() || json(request))) {
      BodyPeek peek = new BodyPeek(RequestBody.encoding(request.headers()));
      return destination(null, Optional.of(peek), named);
    }
    meters.count(Meter.ROUTED, "default");
    return destination(table.fallback(), Optional.empty(), named);
  }

  OriginClient client(OriginServer server) {
    return clients.get(server);
  }

  OriginTable table() {
    return table;
  }

  private Destination destination(
      Replicas replicas, Optional<BodyPeek> peek, Consumer<String> named) {
    return new Destination(table, this::client, meters, replicas, peek, bound, named);
  }

  /** Embeddings, tokenising and the like name a model as generation does. */
  private static boolean json(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
  }
}
