package dev.plumbline.agent.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.metrics.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ticks do not come within these tests: what they see is what a request leaves behind. */
@ExtendWith(VertxExtension.class)
class PortGuardTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private final Meters meters = new Meters();
  private final PortGuard guard =
      new PortGuard("test", new PortGuard.Bounds(100, LONG, LONG), new AtomicInteger(), meters);

  @ParameterizedTest
  @CsvSource({"HTTP_1_1, 1", "HTTP_2, 0"})
  void requests_thatEnded_areNotKept(HttpVersion version, int most, Vertx vertx) throws Exception {
    AtomicInteger underWay = new AtomicInteger();
    HttpServer server =
        guard.guard(
            vertx,
            vertx.createHttpServer(options()),
            options(),
            request -> {
              underWay.accumulateAndGet(guard.watched(), Math::max);
              request.body().onSuccess(body -> request.response().end(body));
            });
    int port = await(server.listen(0, "127.0.0.1")).actualPort();
    HttpClient client = vertx.createHttpClient(asks(version), new PoolOptions().setHttp1MaxSize(1));
    for (int i = 0; i < 20; i++) {
      await(
          client
              .request(HttpMethod.POST, port, "127.0.0.1", "/")
              .compose(request -> request.send("a body"))
              .compose(response -> response.body()));
    }
    assertThat(underWay).hasValue(1);
    assertThat(guard.watched()).isLessThanOrEqualTo(most);
    await(client.close());
    await(server.close());
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions().setHttp2ClearTextEnabled(true);
  }

  private static HttpClientOptions asks(HttpVersion version) {
    return new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false);
  }

  private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
