package dev.plumbline.agent.proxy;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.OriginServer;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.origins.Replicas;
import dev.plumbline.agent.wire.ModelPeek;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Where one request goes, and what that says of the origin's health. The origin is known at once,
 * or once the beginning of the body has named a model. Lives on one event loop.
 *
 * <p>Only a connection that could not be had lets a request go to another replica, once: of
 * anything later nobody knows whether the origin has begun to work on it.
 */
final class Destination {
  private final OriginTable table;
  private final Function<OriginServer, OriginClient> clients;
  private final Meters meters;
  private final Consumer<String> named;
  private final int bound;
  private final Optional<BodyPeek> peek;
  private Replicas replicas;
  private OriginServer server;
  private boolean open;
  private boolean answered;
  private boolean over;

  /**
   * @param replicas who takes it; null while the body is to tell
   * @param peek looks at the body; absent where it need not tell
   * @param bound bytes of the body up to which its model is waited for
   * @param named told the origin's name, twice where a replica takes over
   */
  Destination(
      OriginTable table,
      Function<OriginServer, OriginClient> clients,
      Meters meters,
      Replicas replicas,
      Optional<BodyPeek> peek,
      int bound,
      Consumer<String> named) {
    this.table = table;
    this.clients = clients;
    this.meters = meters;
    this.replicas = replicas;
    this.bound = bound;
    this.peek = peek;
    this.named = named;
  }

  /** Bytes of the body up to which it must be waited for; 0 where nothing is awaited of it. */
  int awaitedBytes() {
    return peek.isPresent() ? bound : 0;
  }

  /** Takes a piece of the body. Whether enough is known to go on. */
  boolean learns(Buffer chunk) {
    return peek.isEmpty() || peek.get().knows(chunk);
  }

  /**
   * Gets a connection to an origin, or to another of its replicas, and prepares the request on it.
   */
  Future<HttpClientRequest> open(
      HttpServerRequest from, Optional<String> requestId, boolean upgrade, boolean wholeBody) {
    decide(wholeBody);
    OriginServer first = replicas.pick();
    return open(first, from, requestId, upgrade)
        .recover(
            failure ->
                other(first)
                    .map(
                        next -> {
                          meters.count(Meter.ORIGIN_RETRIES, first.name(), reason(failure));
                          return open(next, from, requestId, upgrade);
                        })
                    .orElseGet(() -> Future.failedFuture(failure)));
  }

  private Optional<OriginServer> other(OriginServer first) {
    return over ? Optional.empty() : replicas.other(first);
  }

  /** Names the replicas, if the body was to; a body that told nothing goes to the default. */
  private void decide(boolean wholeBody) {
    if (replicas != null) {
      return;
    }
    BodyPeek found = peek.orElseThrow();
    ModelPeek.State state = wholeBody ? found.end() : found.state();
    replicas = found.model().map(table::of).orElseGet(table::fallback);
    meters.count(Meter.ROUTED, by(state));
  }

  private static String by(ModelPeek.State state) {
    return switch (state) {
      case FOUND -> "model";
      case UNNAMED -> "unnamed";
      case UNREADABLE -> "unparseable";
      case WAITING -> "too_long";
    };
  }

  private Future<HttpClientRequest> open(
      OriginServer to, HttpServerRequest from, Optional<String> requestId, boolean upgrade) {
    server = to;
    open = true;
    to.began();
    named.accept(to.name());
    return clients
        .apply(to)
        .open(from, requestId, upgrade)
        .onFailure(failure -> unreachable(to, failure));
  }

  /** A full pool is the agent's own bound, and says nothing of the origin. */
  private void unreachable(OriginServer to, Throwable failure) {
    close();
    if (!busy(failure)) {
      to.unreachable(failure);
    }
  }

  /** The origin has begun to answer. */
  void answered(int status) {
    answered = true;
    server.answered(status);
  }

  /** The connection broke; nothing new where that was known, or the answer had begun. */
  void broke(Throwable failure) {
    if (open && !answered) {
      answered = true;
      server.unreachable(failure);
    }
  }

  /** No answer has begun in time. */
  void silent() {
    answered = true;
    server.health().failed("it did not begin to answer in time");
  }

  /** The passage has ended. */
  void over() {
    over = true;
    close();
  }

  private void close() {
    if (open) {
      open = false;
      server.ended();
    }
  }

  private static boolean busy(Throwable failure) {
    return failure instanceof ConnectionPoolTooBusyException;
  }

  private static String reason(Throwable failure) {
    return busy(failure) ? "busy" : "unreachable";
  }
}
