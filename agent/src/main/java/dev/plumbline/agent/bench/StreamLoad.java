package dev.plumbline.agent.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;

/**
 * Many streams at once: when the first token comes, and how long each later one was on its way. The
 * origin writes its clock into every token ({@link StreamOrigin}); both run in one process.
 */
final class StreamLoad {
  private final Vertx vertx;
  private final String path;
  private final Buffer body;

  StreamLoad(Vertx vertx, String path, String body) {
    this.vertx = vertx;
    this.path = path;
    this.body = Buffer.buffer(body);
  }

  /**
   * What the clients saw.
   *
   * @param firstMillis median time to the first token
   * @param wayMillis median time of a token from the origin to the client
   * @param wayP99Millis its 99th percentile
   * @param whole streams that came to their end
   * @param residentMib the contender's memory while all streams were open, NaN without a process
   */
  record Seen(
      double firstMillis, double wayMillis, double wayP99Millis, int whole, double residentMib) {}

  Seen run(Contender against, int streams) {
    CompletableFuture<Seen> seen = new CompletableFuture<>();
    vertx.runOnContext(v -> new Run(against, streams, seen).begin());
    return seen.join();
  }

  /** One run, on one event loop. */
  private final class Run {
    private final Contender against;
    private final int streams;
    private final CompletableFuture<Seen> seen;
    private final HttpClient client;
    private final Latencies first = new Latencies();
    private final Latencies ways = new Latencies();
    private final AtomicInteger over = new AtomicInteger();
    private int whole;
    private double resident = Double.NaN;

    Run(Contender against, int streams, CompletableFuture<Seen> seen) {
      this.against = against;
      this.streams = streams;
      this.seen = seen;
      this.client =
          vertx
              .httpClientBuilder()
              .with(new HttpClientOptions().setConnectTimeout(20_000))
              .with(new PoolOptions().setHttp1MaxSize(streams).setMaxWaitQueueSize(streams))
              .build();
    }

    void begin() {
      for (int i = 0; i < streams; i++) {
        RequestOptions target =
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(against.port())
                .setURI(path)
                .putHeader("content-type", "application/json");
        long sent = System.nanoTime();
        client
            .request(target)
            .compose(request -> request.send(body))
            .onSuccess(response -> follow(response, sent))
            .onFailure(failure -> ended(false));
      }
    }

    private void follow(HttpClientResponse response, long sent) {
      boolean[] begun = {false};
      response.handler(
          chunk -> {
            long now = System.nanoTime();
            if (!begun[0]) {
              begun[0] = true;
              first.add((now - sent) / 1e6);
            }
            Matcher token = StreamOrigin.CLOCK.matcher(chunk.toString());
            while (token.find()) {
              ways.add((now - Long.parseLong(token.group(1))) / 1e6);
            }
          });
      response.exceptionHandler(failure -> ended(false));
      response.endHandler(end -> ended(true));
    }

    private void ended(boolean well) {
      whole += well ? 1 : 0;
      if (over.get() == 0) {
        resident = against.process().map(ProcessStat::residentMib).orElse(Double.NaN);
      }
      if (over.incrementAndGet() == streams) {
        client.close();
        seen.complete(
            new Seen(
                first.quantile(0.5), ways.quantile(0.5), ways.quantile(0.99), whole, resident));
      }
    }
  }
}
