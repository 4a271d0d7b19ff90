package dev.plumbline.agent.origins;

import dev.plumbline.agent.config.SecuritySettings.OriginTls;
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
import java.util.Map;
import java.util.concurrent.TimeoutException;

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
  private final HttpClient secure;
  private volatile boolean closed;

  /** Of origins whose certificates the JDK trusts. */
  public Asker(Vertx vertx) {
    this(vertx, OriginTls.STANDARD);
  }

  /**
   * @param with how origins over TLS are known, and know the agent
   */
  public Asker(Vertx vertx, OriginTls with) {
    this.vertx = vertx;
    this.plain = client(vertx, false, with);
    this.secure = client(vertx, true, with);
  }

  private static HttpClient client(Vertx vertx, boolean tls, OriginTls with) {
    return vertx
        .httpClientBuilder()
        .with(TlsOptions.ask(new HttpClientOptions().setKeepAlive(false), tls, with))
        .with(new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS).setMaxWaitQueueSize(MOST_WAITING))
        .withConnectHandler(connection -> connection.exceptionHandler(e -> {}))
        .build();
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
    boolean tls = origin.getScheme().equals("https");
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(origin.getHost())
            .setPort(origin.getPort() > 0 ? origin.getPort() : tls ? 443 : 80)
            .setURI(prefix(origin) + path)
            .setConnectTimeout(limits.time().toMillis());
    Promise<Said> said = Promise.promise();
    connect(tls ? secure : plain, options)
        .onSuccess(request -> send(request, headers, body, limits, said))
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

  private static String prefix(URI url) {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
