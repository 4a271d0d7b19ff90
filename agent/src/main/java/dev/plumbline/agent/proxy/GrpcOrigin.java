package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.origins.OriginAddress;
import dev.plumbline.agent.origins.OriginServer;
import dev.plumbline.agent.ports.TlsOptions;
import dev.plumbline.agent.scoring.ExchangeId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * HTTP/2 connections to the origin's gRPC port: prior knowledge in plain text, ALPN over TLS. One
 * per event loop, like {@link OriginClient}.
 *
 * <p>A call whose client does not read keeps up to {@link #CALL_WINDOW} bytes of its connection's
 * window; the connection's is as large as all its calls' together, so that no call can stop
 * another.
 */
final class GrpcOrigin {
  /** Calls at a time on one connection. */
  static final int CALLS = 64;

  static final int CALL_WINDOW = 256 << 10;

  private final HttpClient client;
  private final AgentConfig.Origin settings;
  private final OriginAddress address;

  /**
   * @param share this client's part of the connections, one in so many
   */
  GrpcOrigin(Vertx vertx, OriginServer server, int share) {
    this.settings = server.settings();
    this.address = server.calls();
    PoolOptions pool =
        new PoolOptions()
            .setHttp2MaxSize(Math.max(1, settings.maxConnections() / share))
            .setMaxWaitQueueSize(Math.max(1, settings.maxWaiting() / share));
    this.client =
        server
            .clients()
            .add(
                vertx
                    .httpClientBuilder()
                    .with(options(settings))
                    .with(pool)
                    .withConnectHandler(connection -> connection.exceptionHandler(e -> {}))
                    .build(),
                () -> options(settings));
  }

  /**
   * Closes a connection on which not even a ping is answered, so that no later call waits on it: to
   * a machine that is gone without a word it would stay for minutes.
   */
  static void requireAlive(Vertx vertx, HttpConnection connection, Duration within) {
    long timer = vertx.setTimer(Math.max(1, within.toMillis()), late -> connection.close());
    connection
        .ping(Buffer.buffer(new byte[Long.BYTES]))
        .onSuccess(pong -> vertx.cancelTimer(timer));
  }

  private static HttpClientOptions options(AgentConfig.Origin settings) {
    boolean secure = settings.grpcUrl().getScheme().equals("https");
    return TlsOptions.ask(new HttpClientOptions(), secure, settings.tls())
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setHttp2ClearTextUpgrade(false)
        .setUseAlpn(secure)
        .setHttp2MultiplexingLimit(CALLS)
        .setHttp2ConnectionWindowSize(CALLS * CALL_WINDOW)
        .setInitialSettings(
            new Http2Settings()
                .setPushEnabled(false)
                .setInitialWindowSize(CALL_WINDOW)
                .setMaxHeaderListSize(ServerSettings.MAX_HEADER_BYTES))
        .setConnectTimeout((int) settings.connectTimeout().toMillis());
  }

  /**
   * Gets a place on a connection and prepares the same call on it.
   *
   * @param requestId the exchange's name, told to an origin that the client told none
   */
  Future<HttpClientRequest> open(HttpServerRequest from, Optional<String> requestId) {
    RequestOptions options =
        address
            .to(from.method(), OriginClient.relative(from.uri()))
            .setConnectTimeout(settings.connectTimeout().toMillis());
    return client.request(options).map(to -> prepare(from, address.named(to), requestId));
  }

  /** Prepares a question of the agent's own, with the credentials of a client's call. */
  Future<HttpClientRequest> ask(String path, HttpServerRequest onBehalf) {
    RequestOptions options =
        address.to(HttpMethod.POST, path).setConnectTimeout(settings.connectTimeout().toMillis());
    String credentials = onBehalf.getHeader("authorization");
    return client
        .request(options)
        .map(
            to ->
                address
                    .named(to)
                    .putHeader("content-type", GrpcCalls.TYPE)
                    .putHeader("te", "trailers"))
        .map(to -> credentials == null ? to : to.putHeader("authorization", credentials));
  }

  /** {@code TE} is of the hop; this hop takes trailers too, and gRPC servers insist on it. */
  private static HttpClientRequest prepare(
      HttpServerRequest from, HttpClientRequest to, Optional<String> requestId) {
    Headers.copy(from.headers(), to.headers(), Set.of("host"));
    to.putHeader("te", "trailers");
    if (!to.headers().contains(ExchangeId.HEADER)) {
      requestId.ifPresent(id -> to.putHeader(ExchangeId.HEADER, id));
    }
    return to;
  }
}
