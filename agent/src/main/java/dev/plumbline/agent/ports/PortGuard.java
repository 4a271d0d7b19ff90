package dev.plumbline.agent.ports;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds what clients hold of one event loop's server without being served: connections in all, the
 * time of a new one until its first request, the time of a later request's head from its first
 * byte, the time of a request until its body is there. Beyond each the connection is closed and
 * counted. All but {@link #connections} is of one event loop.
 *
 * <p>On a port that speaks HTTP/1.1 and 2 in plain text Vert.x tells of a connection with its first
 * request: until then {@link #admit} has it, which {@link Accepting} calls.
 *
 * <p>One ticker instead of a timer a request: a request is looked at when a tick finds it unended.
 * What is over must not be kept until then, or the collector would carry all exchanges of half a
 * second from one generation to the next: of HTTP/1 only a connection's latest request is known,
 * since its requests come one after the other, and one of HTTP/2 is forgotten with its end.
 */
public final class PortGuard {
  private static final long TICK_MILLIS = 500;

  private static final AttributeKey<Boolean> COUNTED = AttributeKey.valueOf("plumbline.counted");

  /** What closes a channel that was admitted unless its first request comes. */
  private static final AttributeKey<Future<?>> FIRST_REQUEST =
      AttributeKey.valueOf("plumbline.first-request");

  private final String port;
  private final Bounds bounds;
  private final AtomicInteger connections;
  private final Meters meters;
  private final Deque<Waiting<HttpConnection>> silent = new ArrayDeque<>();
  private final Set<HttpConnection> quiet = new HashSet<>();

  /** Of HTTP/1: in pieces, of requests after a connection's first. */
  private final LaterHeads heads = new LaterHeads();

  /** Being closed: nothing that follows on them is a request. */
  private final Set<HttpConnection> broken = new HashSet<>();

  /** Of HTTP/1: what each connection said last. */
  private final Map<HttpConnection, Waiting<HttpServerRequest>> latest = new HashMap<>();

  /** Of HTTP/2: what has not ended. */
  private final Set<Waiting<HttpServerRequest>> streams =
      Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param connections open at a time, of all event loops of the port
   * @param head a connection's first request must come within, and the head of any other, once its
   *     first byte is there
   * @param body a request's body must be there within
   */
  public record Bounds(int connections, Duration head, Duration body) {}

  private record Waiting<T>(T what, long since) {}

  /**
   * @param port its name in metrics
   * @param connections open now; shared by the port's event loops
   */
  public PortGuard(String port, Bounds bounds, AtomicInteger connections, Meters meters) {
    this.port = port;
    this.bounds = bounds;
    this.connections = connections;
    this.meters = meters;
  }

  /**
   * Takes in a connection that was just accepted, or closes it. Any of the port's guards may, on
   * the channel's event loop.
   */
  void admit(Channel channel) {
    if (channel.hasAttr(COUNTED)) {
      return;
    }
    if (!counted(channel)) {
      channel.close();
      return;
    }
    long millis = bounds.head().toMillis();
    Future<?> late =
        channel.eventLoop().schedule(() -> late(channel), millis, TimeUnit.MILLISECONDS);
    channel.attr(FIRST_REQUEST).set(late);
    channel.closeFuture().addListener(closed -> late.cancel(false));
  }

  /** Has a channel's requests decoded strictly; false while it has no decoder of HTTP/1. */
  boolean strict(Channel channel, HttpServerOptions options) {
    return StrictRequests.replace(channel, options, () -> refused("malformed"));
  }

  private boolean counted(Channel channel) {
    channel.attr(COUNTED).set(true);
    if (connections.incrementAndGet() > bounds.connections()) {
      connections.decrementAndGet();
      refused("connections");
      return false;
    }
    channel.closeFuture().addListener(closed -> connections.decrementAndGet());
    return true;
  }

  private void late(Channel channel) {
    if (channel.isOpen()) {
      refused("slow_head");
      channel.close();
    }
  }

  /**
   * Guards a server that does not listen yet; call on its event loop.
   *
   * @param options of the server
   */
  public HttpServer guard(
      Vertx vertx,
      HttpServer server,
      HttpServerOptions options,
      Handler<HttpServerRequest> handler) {
    vertx.setPeriodic(TICK_MILLIS, tick -> look(System.nanoTime()));
    server.invalidRequestHandler(
        request -> {
          if (!broken.contains(request.connection())) {
            refused("malformed");
          }
          HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
        });
    return server
        .connectionHandler(connection -> opened(connection, options))
        .requestHandler(
            request -> {
              if (!broken.isEmpty() && broken.contains(request.connection())) {
                return;
              }
              begun(request);
              if (Framing.sound(request)) {
                handler.handle(request);
              } else {
                refused("malformed");
                broken.add(request.connection());
                Framing.refuse(request);
              }
            });
  }

  private void opened(HttpConnection connection, HttpServerOptions options) {
    Channel channel = ((ConnectionBase) connection).channel();
    Future<?> wait = channel.attr(FIRST_REQUEST).getAndSet(null);
    if (wait != null) {
      wait.cancel(false);
    }
    if (!channel.hasAttr(COUNTED) && !counted(channel)) {
      connection.close();
      return;
    }
    if (options.isSsl() || !options.isHttp2ClearTextEnabled()) {
      // Nothing was decoded yet; otherwise a request was, and Accepting has seen to it.
      strict(channel, options);
    }
    StrictRequests.tell(channel, heads);
    quiet.add(connection);
    silent.add(new Waiting<>(connection, System.nanoTime()));
    // The channel's, not the connection's: one that becomes a tunnel loses its close handler.
    channel
        .closeFuture()
        .addListener(
            closed -> {
              quiet.remove(connection);
              broken.remove(connection);
              latest.remove(connection);
              heads.ended(channel);
            });
  }

  private void begun(HttpServerRequest request) {
    if (!quiet.isEmpty()) {
      quiet.remove(request.connection());
    }
    if (!request.isEnded() && !isCall(request)) {
      watch(new Waiting<>(request, System.nanoTime()));
    }
  }

  private void watch(Waiting<HttpServerRequest> request) {
    if (request.what().version() == HttpVersion.HTTP_2) {
      streams.add(request);
      request.what().end().onComplete(end -> streams.remove(request));
    } else {
      latest.put(request.what().connection(), request);
    }
  }

  /** A call of gRPC may stream for as long as it likes. */
  private static boolean isCall(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return request.version() == HttpVersion.HTTP_2
        && type != null
        && type.startsWith("application/grpc");
  }

  /** Requests that are kept in sight, ended ones among them. */
  int watched() {
    return latest.size() + streams.size() + heads.size();
  }

  private void look(long now) {
    while (!silent.isEmpty() && old(silent.peek(), bounds.head(), now)) {
      HttpConnection connection = silent.poll().what();
      if (quiet.remove(connection)) {
        refused("slow_head");
        heads.ended(((ConnectionBase) connection).channel());
        connection.close();
      }
    }
    for (Channel channel : heads.late(now, bounds.head().toNanos())) {
      late(channel);
    }
    cutOld(latest.values(), now);
    cutOld(streams, now);
  }

  private void cutOld(Collection<Waiting<HttpServerRequest>> requests, long now) {
    List<HttpServerRequest> late = new ArrayList<>();
    requests.removeIf(
        each -> {
          boolean ended = each.what().isEnded();
          boolean old = !ended && old(each, bounds.body(), now);
          if (old) {
            late.add(each.what());
          }
          return ended || old;
        });
    late.forEach(this::cut);
  }

  private void cut(HttpServerRequest request) {
    refused("slow_body");
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset();
    } else {
      request.connection().close();
    }
  }

  private static boolean old(Waiting<?> waiting, Duration bound, long now) {
    return now - waiting.since() > bound.toNanos();
  }

  private void refused(String reason) {
    meters.count(Meter.PORT_REFUSED, port, reason);
  }
}
