package dev.plumbline.agent.proxy;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.OriginServer;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.origins.Replicas;
import dev.plumbline.agent.wire.Route;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds out where gRPC calls go: inferences by the model in their first message, which is waited
 * for where there is more than one origin, anything else to the default. A stream stays where its
 * first message went. One per event loop, with its own connections to each origin.
 */
final class GrpcDestinations {
  private final OriginTable table;
  private final Meters meters;
  private final Map<OriginServer, GrpcOrigin> clients = new HashMap<>();

  /**
   * @param share this loop's part of the connections, one in so many
   */
  GrpcDestinations(Vertx vertx, OriginTable table, Meters meters, int share) {
    this.table = table;
    this.meters = meters;
    table.all().forEach(o -> clients.put(o, new GrpcOrigin(vertx, o, share)));
  }

  /**
   * The destination of a call.
   *
   * @param named told the name of the origin it goes to
   */
  To of(Route route, Consumer<String> named) {
    return new To(table.several() && route.grpc(), named);
  }

  GrpcOrigin client(String origin) {
    return clients.get(table.get(origin));
  }

  private static String reason(Throwable failure) {
    return failure instanceof ConnectionPoolTooBusyException ? "busy" : "unreachable";
  }

  /** Where one call goes. */
  final class To {
    private final Optional<GrpcModel> awaited;
    private final Consumer<String> named;
    private Optional<OriginServer> server = Optional.empty();
    private boolean over;

    private To(boolean byModel, Consumer<String> named) {
      this.awaited = byModel ? Optional.of(new GrpcModel()) : Optional.empty();
      this.named = named;
    }

    /** Whether the beginning of the request must be seen first. */
    boolean awaits() {
      return awaited.isPresent();
    }

    /** Takes a piece of the request. Whether enough is known to go on. */
    boolean learns(Buffer chunk, String encoding) {
      GrpcModel model = awaited.orElseThrow();
      model.request(chunk);
      return model.decided(encoding);
    }

    /**
     * Gets a place on a connection to an origin, or to another of its replicas, and prepares the
     * call on it.
     */
    Future<HttpClientRequest> open(HttpServerRequest from, Optional<String> requestId) {
      Replicas replicas = replicas(from.getHeader("grpc-encoding"));
      OriginServer first = replicas.pick();
      return open(first, from, requestId)
          .recover(
              failure ->
                  (over ? Optional.<OriginServer>empty() : replicas.other(first))
                      .map(
                          next -> {
                            meters.count(Meter.ORIGIN_RETRIES, first.name(), reason(failure));
                            return open(next, from, requestId);
                          })
                      .orElseGet(() -> Future.failedFuture(failure)));
    }

    private Future<HttpClientRequest> open(
        OriginServer to, HttpServerRequest from, Optional<String> requestId) {
      server = Optional.of(to);
      to.began();
      named.accept(to.name());
      return clients.get(to).open(from, requestId).onFailure(failure -> unreachable(to, failure));
    }

    /**
     * Only where nobody listens: an origin that speaks no HTTP/2 is asked by clients, and may be
     * well for all others.
     */
    private void unreachable(OriginServer to, Throwable failure) {
      close();
      if (failure instanceof IOException && !(failure instanceof HttpClosedException)) {
        to.unreachable(failure);
      }
    }

    /** The origin has begun to answer. */
    void answered(int status) {
      server.ifPresent(to -> to.answered(status));
    }

    /** No answer has begun in time. */
    void silent() {
      server.ifPresent(to -> to.health().failed("it did not begin to answer in time"));
    }

    private Replicas replicas(String encoding) {
      if (awaited.isEmpty()) {
        return table.fallback();
      }
      Optional<String> model = awaited.get().name(encoding);
      meters.count(Meter.ROUTED, model.isPresent() ? "model" : "unnamed");
      return model.map(table::of).orElseGet(table::fallback);
    }

    /** The call has ended. */
    void over() {
      over = true;
      close();
    }

    private void close() {
      server.ifPresent(OriginServer::ended);
      server = Optional.empty();
    }
  }
}
