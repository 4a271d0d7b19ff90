package dev.plumbline.agent.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.CompletableFuture;

/**
 * Requests at a set rate, whatever comes back: a time is counted from when the request was due, so
 * that a stall is not hidden by requests never sent. One event loop.
 */
final class SteadyLoad {
  private static final int CONNECTIONS = 64;
  private static final double WARM_SHARE = 0.25;

  private final Vertx vertx;
  private final String path;
  private final Buffer body;

  SteadyLoad(Vertx vertx, String path, String body) {
    this.vertx = vertx;
    this.path = path;
    this.body = Buffer.buffer(body);
  }

  /**
   * What came back.
   *
   * @param sent in all, warm-up included
   * @param failed of them
   */
  record Seen(long sent, long failed, double p50Millis, double p99Millis) {}

  Seen run(Contender against, double perSecond, int seconds) {
    CompletableFuture<Seen> seen = new CompletableFuture<>();
    vertx.runOnContext(v -> new Run(against, perSecond, seconds, seen).begin());
    return seen.join();
  }

  /** One run. */
  private final class Run {
    private final RequestOptions target;
    private final HttpClient client;
    private final CompletableFuture<Seen> seen;
    private final Latencies times = new Latencies();
    private final double nanosEach;
    private final long total;
    private final long begin = System.nanoTime();
    private long sent;
    private long back;
    private long failed;

    Run(Contender against, double perSecond, int seconds, CompletableFuture<Seen> seen) {
      this.seen = seen;
      this.nanosEach = 1e9 / perSecond;
      this.total = Math.max(1, Math.round(perSecond * seconds));
      this.target =
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setHost("127.0.0.1")
              .setPort(against.port())
              .setURI(path)
              .putHeader("content-type", "application/json");
      this.client =
          vertx
              .httpClientBuilder()
              .with(new HttpClientOptions().setKeepAliveTimeout(600))
              .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(1 << 20))
              .build();
    }

    void begin() {
      vertx.setPeriodic(1, this::due);
    }

    private void due(long timer) {
      long now = System.nanoTime();
      while (sent < total && begin + sent * nanosEach <= now) {
        send(begin + (long) (sent * nanosEach), sent >= total * WARM_SHARE);
        sent++;
      }
      if (sent == total) {
        vertx.cancelTimer(timer);
      }
    }

    private void send(long dueAt, boolean counts) {
      client
          .request(target)
          .compose(request -> request.send(body))
          .compose(response -> response.body().map(all -> response.statusCode()))
          .onComplete(
              done -> {
                if (done.failed() || done.result() != 200) {
                  failed++;
                } else if (counts) {
                  times.add((System.nanoTime() - dueAt) / 1e6);
                }
                if (++back == total) {
                  client.close();
                  seen.complete(new Seen(total, failed, times.quantile(0.5), times.quantile(0.99)));
                }
              });
    }
  }
}
