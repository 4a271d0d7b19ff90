package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.Origins;
import dev.plumbline.agent.config.SecuritySettings.OriginTls;
import dev.plumbline.agent.ports.TlsClients;
import dev.plumbline.agent.ports.TlsOptions;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Asks an origin something of the agent's own: never a client's words. Each question has a bound of
 * bytes and a deadline, and a connection of its own that is not kept.
 */
public final class Asker implements AutoCloseable {
  /** What an origin said. */
  public record Said(int status, String contentType, Buffer body) {
    /** Whether it is 2xx. */
    public boolean good() {
      return status >= 200 && status < 300;
    }
  }

  private static final int MOST_CONNECTIONS = 8;
  private static final int MOST_WAITING = 256;

  private final Vertx vertx;
  private final HttpClient plain;

  /** By how a server is known; of servers that are none of the origins, too. */
  private final Map<OriginTls, HttpClient> secure = new HashMap<>();

  private final Map<URI, OriginTls> known = new HashMap<>();
  private final TlsClients clients = new TlsClients();
  private volatile boolean closed;

  /** Of origins whose certificates the JDK trusts. */
  public Asker(Vertx vertx) {
    this(vertx, List.of());
  }

  /**
   * @param origins who are known, and know the agent, as their settings say
   */
  public Asker(Vertx vertx, List<Origins.Named> origins) {
    this.vertx = vertx;
    this.plain = client(false, OriginTls.STANDARD);
    secure.put(OriginTls.STANDARD, client(true, OriginTls.STANDARD));
    for (Origins.Named each : origins) {
      OriginTls tls = each.settings().tls();
      known.put(each.settings().url(), tls);
      secure.computeIfAbsent(tls, with -> client(true, with));
    }
  }

  private HttpClient client(boolean tls, OriginTls with) {
    return clients.add(
        vertx
            .httpClientBuilder()
            .with(options(tls, with))
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(MOST_CONNECTIONS)
                    .setMaxWaitQueueSize(MOST_WAITING))
            .withConnectHandler(connection -> connection.exceptionHandler(e -> {}))
            .build(),
        () -> options(tls, with));
  }

  private static HttpClientOptions options(boolean tls, OriginTls with) {
    return TlsOptions.ask(new HttpClientOptions().setKeepAlive(false), tls, with);
  }

  /** Reads the files of certificates anew, so not on an event loop. */
  public void reread(Consumer<Throwable> kept) {
    clients.reread(kept);
  }

  /** Asks with GET. */
  public Future<Said> get(URI origin, String path, Map<String, String> headers, Limits limits) {
    return ask(origin, HttpMethod.GET, path, headers, Buffer.buffer(), limits);
  }

  /** Asks with POST. */
  public Future<Said> post(
      URI origin, String path, Map<String, String> headers, byte[] body, Limits limits) {
    return ask(origin, HttpMethod.POST, path, headers, Buffer.buffer(body), limits);
  }

  /**
   * How much is waited for.
   *
   * @param time for the whole question
   * @param bytes of the answer; more is a failure
   */
  public record Limits(Duration time, int bytes) {}

  private Future<Said> ask(
      URI origin,
      HttpMethod method,
      String path,
      Map<String, String> headers,
      Buffer body,
      Limits limits) {
    OriginTls tls = known.getOrDefault(origin, OriginTls.STANDARD);
    OriginAddress address = new OriginAddress(origin, tls.serverName());
    RequestOptions options = address.to(method, path).setConnectTimeout(limits.time().toMillis());
    Promise<Said> said = Promise.promise();
    connect(origin.getScheme().equals("https") ? secure.get(tls) : plain, options)
        .onSuccess(request -> send(address.named(request), headers, body, limits, said))
        .onFailure(said::tryFail);
    return said.future();
  }

  private static Future<HttpClientRequest> connect(HttpClient client, RequestOptions options) {
    try {
      return client.request(options);
    } catch (IllegalStateException closed) {
      return Future.failedFuture(closed);
    }
  }

  /** Whether there is nobody to ask any more. */
  public boolean closed() {
    return closed;
  }

  /** Ends it; questions under way end with Vert.x. Any thread. */
  @Override
  public void close() {
    closed = true;
  }

  private void send(
      HttpClientRequest request,
      Map<String, String> headers,
      Buffer body,
      Limits limits,
      Promise<Said> said) {
    long timer =
        vertx.setTimer(
            Math.max(1, limits.time().toMillis()),
            late -> {
              said.tryFail(new TimeoutException("no answer in " + limits.time()));
              request.reset();
            });
    said.future().onComplete(done -> vertx.cancelTimer(timer));
    MultiMap all = request.headers();
    headers.forEach(all::set);
    all.set("accept-encoding", "identity");
    request.exceptionHandler(said::tryFail);
    request
        .response()
        .onSuccess(answer -> gather(request, answer, limits.bytes(), said))
        .onFailure(said::tryFail);
    request.end(body);
  }

  private static void gather(
      HttpClientRequest request, HttpClientResponse answer, int most, Promise<Said> said) {
    Buffer body = Buffer.buffer();
    String type = answer.getHeader("content-type");
    answer.exceptionHandler(said::tryFail);
    answer.endHandler(
        end -> said.tryComplete(new Said(answer.statusCode(), type == null ? "" : type, body)));
    answer.handler(
        chunk -> {
          if (body.length() + chunk.length() > most) {
            said.tryFail(
                new IllegalStateException("wanted at most " + most + " bytes, found more"));
            request.reset();
          } else {
            body.appendBuffer(chunk);
          }
        });
  }
}
