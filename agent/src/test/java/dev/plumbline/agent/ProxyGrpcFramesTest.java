package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What gRPC libraries hide: frames of HTTP/2 that the proxy must pass as they are. */
class ProxyGrpcFramesTest {
  private static final String INFER = "/inference.GRPCInferenceService/ModelInfer";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void trailersOnly_staysOneHead() throws Exception {
    try (RunningAgent agent =
        agent(
            request -> {
              request.response().headers().set("content-type", "application/grpc");
              request.response().putHeader("grpc-status", "5").setChunked(true).end();
            })) {
      HttpClientResponse head = whole(ask(agent));
      assertThat(head.headers().names()).containsExactlyInAnyOrder("content-type", "grpc-status");
      assertThat(head.trailers().isEmpty()).isTrue();
    }
  }

  @Test
  void originUnreachable_isTrailersOnly() throws Exception {
    try (RunningAgent agent = Agents.passing(1)) {
      HttpClientResponse head = whole(ask(agent));
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.headers().names())
          .containsExactlyInAnyOrder("content-type", "grpc-status", "grpc-message");
      assertThat(head.getHeader("grpc-status")).isEqualTo("14");
      assertThat(head.trailers().isEmpty()).isTrue();
    }
  }

  @Test
  void head_goesOutBeforeTheFirstMessage() throws Exception {
    CompletableFuture<HttpServerRequest> arrived = new CompletableFuture<>();
    try (RunningAgent agent =
        agent(
            request -> {
              request.response().putHeader("content-type", "application/grpc").setChunked(true);
              request.response().writeHead();
              arrived.complete(request);
            })) {
      HttpClientRequest ask = ask(agent);
      ask.sendHead();
      HttpClientResponse head = await(ask.response());
      assertThat(head.getHeader("content-type")).isEqualTo("application/grpc");
      assertThat(arrived.get().getHeader("te")).isEqualTo("trailers");
      assertThat(arrived.get().version()).isEqualTo(HttpVersion.HTTP_2);
      ask.reset(8);
    }
  }

  @Test
  void reset_ofTheOrigin_beforeItsHead_hasTheSameCode() throws Exception {
    try (RunningAgent agent = agent(request -> request.response().reset(7))) {
      assertThat(code(ask(agent).send(message()))).isEqualTo(7);
      Agents.awaitVerdicts(agent, 1);
    }
  }

  @Test
  void reset_ofTheOrigin_inTheMiddle_hasTheSameCode() throws Exception {
    CompletableFuture<HttpServerRequest> arrived = new CompletableFuture<>();
    try (RunningAgent agent =
        agent(
            request -> {
              request.response().putHeader("content-type", "application/grpc").setChunked(true);
              request.response().write(message());
              arrived.complete(request);
            })) {
      CompletableFuture<Throwable> broken = new CompletableFuture<>();
      ask(agent)
          .exceptionHandler(e -> {})
          .send(message())
          .onSuccess(
              head -> {
                head.exceptionHandler(broken::complete);
                head.handler(chunk -> arrived.thenAccept(request -> request.response().reset(11)));
              });
      Throwable failure = broken.get(10, TimeUnit.SECONDS);
      assertThat(((StreamResetException) failure).getCode()).isEqualTo(11);
      Agents.awaitVerdicts(agent, 1);
      Exchange exchange = agent.ledger().latest(1).get(0);
      assertThat(exchange.outcome()).isEqualTo(Outcome.ORIGIN_CUT);
      assertThat(exchange.reading().reason()).contains(UnscoredReason.UNPARSEABLE);
    }
  }

  @Test
  void reset_ofTheClient_hasTheSameCode() throws Exception {
    CompletableFuture<Throwable> broken = new CompletableFuture<>();
    try (RunningAgent agent =
        agent(
            request -> {
              request.exceptionHandler(broken::complete);
              request.response().putHeader("content-type", "application/grpc").setChunked(true);
              request.response().writeHead();
            })) {
      HttpClientRequest ask = ask(agent);
      ask.sendHead();
      await(ask.response());
      ask.reset(11);
      Throwable failure = broken.get(10, TimeUnit.SECONDS);
      assertThat(((StreamResetException) failure).getCode()).isEqualTo(11);
      Agents.awaitVerdicts(agent, 1);
    }
  }

  @Test
  void grpcWeb_isNoGrpc() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.sending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        RunningAgent agent = Agents.passing(origin.port())) {
      HttpClientRequest ask = request(agent, "/other.Service/Method");
      ask.putHeader("content-type", "application/grpc-web+proto");
      Future<Buffer> body = ask.response().compose(HttpClientResponse::body);
      ask.send(message());
      assertThat(await(body).toString()).isEqualTo("ok");
    }
  }

  private static HttpClientResponse whole(HttpClientRequest ask) throws Exception {
    Future<HttpClientResponse> answer = ask.response().compose(head -> head.body().map(head));
    ask.send(message());
    return await(answer);
  }

  private static long code(Future<?> future) {
    Throwable failure =
        catchThrowable(
            () -> future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
    assertThat(failure).isInstanceOf(ExecutionException.class);
    return ((StreamResetException) failure.getCause()).getCode();
  }

  private RunningAgent agent(Handler<HttpServerRequest> origin) throws Exception {
    HttpServer server =
        await(
            vertx
                .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(true))
                .requestHandler(origin)
                .listen(0, "127.0.0.1"));
    return Agents.passing(server.actualPort());
  }

  private HttpClientRequest ask(RunningAgent agent) throws Exception {
    return request(agent, INFER).putHeader("content-type", "application/grpc");
  }

  private HttpClientRequest request(RunningAgent agent, String path) throws Exception {
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    return await(client.request(HttpMethod.POST, agent.port(), "127.0.0.1", path));
  }

  private static Buffer message() {
    return Buffer.buffer(new byte[] {0, 0, 0, 0, 1, 9});
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
