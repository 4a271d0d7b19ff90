package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.enforce.ModePolicy;
import dev.plumbline.agent.origins.OriginAddress;
import dev.plumbline.agent.origins.OriginServer;
import dev.plumbline.agent.ports.TlsOptions;
import dev.plumbline.agent.scoring.ExchangeId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Connections to the origin, bounded and kept. One per event loop, so no request changes thread.
 */
final class OriginClient {
  /** Below the five seconds after which uvicorn closes an idle connection under a new request. */
  private static final int KEEP_ALIVE_SECONDS = 4;

  /** Of the request to the origin, not of the client's. */
  private static final Set<String> OWN = Set.of("host");

  /** Of one request, not of another with the same purpose. */
  private static final Set<String> OF_ONE_BODY =
      Set.of(
          "host",
          "content-length",
          "content-encoding",
          "accept-encoding",
          "expect",
          "traceparent",
          ExchangeId.HEADER.toLowerCase(java.util.Locale.ROOT),
          ModePolicy.HEADER);

  private final HttpClient client;
  private final AgentConfig.Origin settings;
  private final OriginAddress address;

  /**
   * @param share this client's part of the connections, one in so many
   */
  OriginClient(Vertx vertx, OriginServer server, int share) {
    this.settings = server.settings();
    this.address = server.address();
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(Math.max(1, settings.maxConnections() / share))
            .setMaxWaitQueueSize(Math.max(1, settings.maxWaiting() / share));
    this.client =
        server
            .clients()
            .add(
                vertx
                    .httpClientBuilder()
                    .with(options(settings))
                    .with(pool)
                    .withConnectHandler(OriginClient::quiet)
                    .build(),
                () -> options(settings));
  }

  private static HttpClientOptions options(AgentConfig.Origin settings) {
    boolean secure = settings.url().getScheme().equals("https");
    return TlsOptions.ask(new HttpClientOptions(), secure, settings.tls())
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setConnectTimeout((int) settings.connectTimeout().toMillis())
        .setMaxHeaderSize(ServerSettings.MAX_HEADER_BYTES)
        .setMaxInitialLineLength(ServerSettings.MAX_LINE_BYTES)
        .setMaxChunkSize(ServerSettings.MAX_CHUNK_BYTES);
  }

  /** A failing connection is told to its passage and counted there; it need not be logged too. */
  private static void quiet(HttpConnection connection) {
    connection.exceptionHandler(e -> {});
  }

  /**
   * Gets a connection and prepares the same request on it, without the body.
   *
   * @param requestId the exchange's name, told to an origin that the client told none
   * @param upgrade keep what asks for another protocol
   */
  Future<HttpClientRequest> open(
      HttpServerRequest from, Optional<String> requestId, boolean upgrade) {
    RequestOptions options =
        address
            .to(from.method(), relative(from.uri()))
            .setConnectTimeout(settings.connectTimeout().toMillis());
    return client
        .request(options)
        .map(to -> prepare(from, address.named(to), requestId))
        .map(to -> upgrade ? Headers.copyUpgrade(from.headers(), to) : to);
  }

  /**
   * Prepares the same request once more with another body, which is neither encoded nor chunked.
   *
   * @param requestId what the origin shall call it: the first one may still be under way there
   * @param uri where it goes, from where the first one went
   */
  Future<HttpClientRequest> again(
      HttpServerRequest from, String requestId, UnaryOperator<String> uri) {
    RequestOptions options =
        address
            .to(from.method(), uri.apply(relative(from.uri())))
            .setConnectTimeout(settings.connectTimeout().toMillis());
    return client
        .request(options)
        .map(
            to -> {
              Headers.copy(from.headers(), to.headers(), OF_ONE_BODY);
              Headers.joinCookies(to.headers());
              return address.named(to).putHeader(ExchangeId.HEADER, requestId);
            });
  }

  /** Prepares a question of the agent's own, with the credentials of a client's request. */
  Future<HttpClientRequest> ask(String path, HttpServerRequest onBehalf) {
    RequestOptions options =
        address.to(HttpMethod.GET, path).setConnectTimeout(settings.connectTimeout().toMillis());
    String credentials = onBehalf.getHeader("authorization");
    return client
        .request(options)
        .map(address::named)
        .map(to -> credentials == null ? to : to.putHeader("authorization", credentials));
  }

  private static HttpClientRequest prepare(
      HttpServerRequest from, HttpClientRequest to, Optional<String> requestId) {
    Headers.copy(from.headers(), to.headers(), OWN);
    if (!to.headers().contains(ExchangeId.HEADER)) {
      requestId.ifPresent(id -> to.putHeader(ExchangeId.HEADER, id));
    }
    if (from.headers().contains("transfer-encoding")) {
      to.setChunked(true);
    }
    if (from.version() == HttpVersion.HTTP_2) {
      Headers.joinCookies(to.headers());
    }
    return to;
  }

  /** The target without scheme and authority: a client may send it in absolute form. */
  static String relative(String uri) {
    int authority = uri.indexOf("://");
    if (uri.startsWith("/") || authority < 0) {
      return uri;
    }
    int path = uri.indexOf('/', authority + 3);
    return path < 0 ? "/" : uri.substring(path);
  }
}
