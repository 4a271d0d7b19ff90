package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.core.score.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 on the inference port, HTTP/1.1 to the origin; and requests sent ahead over HTTP/1.1. */
class ProxyHttp2Test {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String STREAM =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"evil wörld\"}}]}\n\ndata: [DONE]\n\n";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void clearText_priorKnowledge_passesAndIsScored() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(streamed(STREAM));
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      HttpClientRequest request = request(client(), agent, CHAT);
      request.headers().add("cookie", "a=1").add("cookie", "b=2").add("x-odd", "1");
      Answer answer = await(answer(request));
      HttpClientResponse response = answer.head();
      assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
      assertThat(answer.body().toString()).isEqualTo(STREAM);
      assertThat(response.getHeader("x-one")).isEqualTo("1");
      assertThat(response.getTrailer("x-sum")).isEqualTo("5");
      Agents.awaitVerdicts(agent, 1);
      assertThat(agent.ledger().latest(1).get(0).reading().verdict())
          .isInstanceOf(Verdict.Drifted.class);
      ScriptedOrigin.Request arrived = origin.requests.get(0);
      assertThat(arrived.line()).isEqualTo("POST " + CHAT + " HTTP/1.1");
      assertThat(arrived.headers()).contains("x-odd: 1", "cookie: a=1; b=2");
      assertThat(arrived.text()).isEqualTo(ASK);
    }
  }

  @Test
  void clearText_upgrade_passesAndIsScored() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(streamed(STREAM));
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      HttpResponse<String> first = java(agent, "http", java.net.http.HttpClient.newHttpClient());
      assertThat(first.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
      assertThat(first.body()).isEqualTo(STREAM);
      assertThat(origin.requests.get(0).text()).isEqualTo(ASK);
      Agents.awaitVerdicts(agent, 1);
      assertThat(agent.ledger().latest(1).get(0).reading().score()).isPresent();
    }
  }

  @Test
  void tls_alpn_offersBothVersions(@TempDir Path dir) throws Exception {
    Certificates pem = Certificates.make(dir);
    try (ScriptedOrigin origin = ScriptedOrigin.sending(streamed(STREAM));
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "tls.certificate=" + pem.chain(),
                "tls.key=" + pem.key())) {
      for (java.net.http.HttpClient.Version version : java.net.http.HttpClient.Version.values()) {
        java.net.http.HttpClient client =
            java.net.http.HttpClient.newBuilder().version(version).sslContext(pem.trust()).build();
        HttpResponse<String> answer = java(agent, "https", client);
        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body()).isEqualTo(STREAM);
      }
      Agents.awaitVerdicts(agent, 2);
    }
  }

  @Test
  void annotate_tellsInHeadersAndTrailers() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(streamed(STREAM));
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "mode=annotate")) {
      HttpClientRequest request = request(client(), agent, CHAT);
      request.putHeader("te", "trailers");
      Answer answer = await(answer(request));
      assertThat(answer.body().toString()).startsWith(STREAM + ": plumbline {");
      assertThat(answer.head().getTrailer("plumbline-verdict")).isEqualTo("drifted");
    }
  }

  @Test
  void origin_cutsOneAnswer_theOtherStreamOfTheConnectionLives() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    ScriptedOrigin.Script script =
        (request, out) -> {
          if (request.line().contains("/cut")) {
            send(out, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal");
            return false;
          }
          held.await();
          send(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole");
          return true;
        };
    try (ScriptedOrigin origin = new ScriptedOrigin(script);
        RunningAgent agent = Agents.passing(origin.port())) {
      HttpClient client = client();
      HttpClientRequest whole = request(client, agent, "/whole");
      HttpClientRequest cut = request(client, agent, "/cut");
      Future<Answer> slow = answer(whole);
      assertThat(answer(cut).toCompletionStage().toCompletableFuture())
          .failsWithin(10, TimeUnit.SECONDS);
      held.countDown();
      assertThat(await(slow).body().toString()).isEqualTo("whole");
      assertThat(whole.connection()).isSameAs(cut.connection());
    }
  }

  @Test
  void client_thatNeverSendsItsModel_isGivenUp_andItsConnectionLives() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending(streamed(STREAM));
        RunningAgent agent =
            Agents.passing(
                origin.port(),
                "origins.b.url=http://127.0.0.1:1",
                "origins.b.models=b",
                "origin.response-timeout=200ms",
                "origin.idle-timeout=200ms",
                "client.idle-timeout=200ms",
                "connection.idle-timeout=400ms")) {
      HttpClient client = client();
      HttpClientRequest stalled = request(client, agent, CHAT);
      stalled.exceptionHandler(e -> {});
      await(stalled.setChunked(true).write("{\"mess"));
      int asked = 0;
      while (agent.ledger().latest(500).stream()
          .noneMatch(e -> e.outcome() == Outcome.CLIENT_GONE)) {
        HttpClientRequest other = request(client, agent, CHAT);
        assertThat(await(answer(other)).body().toString()).isEqualTo(STREAM);
        assertThat(other.connection()).isSameAs(stalled.connection());
        assertThat(++asked).isLessThan(200);
        Thread.sleep(20);
      }
      Agents.awaitVerdicts(agent, asked + 1);
    }
  }

  @Test
  void client_resetsOneStream_originIsTold() throws Exception {
    CountDownLatch broken = new CountDownLatch(1);
    ScriptedOrigin.Script script =
        (request, out) -> {
          try {
            send(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            while (true) {
              send(out, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n");
              Thread.sleep(5);
            }
          } catch (IOException e) {
            broken.countDown();
            return false;
          }
        };
    try (ScriptedOrigin origin = new ScriptedOrigin(script);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      HttpClientRequest request = request(client(), agent, CHAT);
      request
          .send(ASK)
          .onSuccess(head -> head.exceptionHandler(e -> {}).handler(chunk -> request.reset()));
      assertThat(broken.await(20, TimeUnit.SECONDS)).isTrue();
      Agents.awaitVerdicts(agent, 1);
      assertThat(agent.ledger().latest(1).get(0).outcome()).isEqualTo(Outcome.CLIENT_GONE);
      Agents.await("no connection left", () -> origin.open.get() == 0);
    }
  }

  @Test
  void origin_down_isAnOrdinaryErrorOnTheStream() throws Exception {
    int port;
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (RunningAgent agent = Agents.passing(port)) {
      Answer answer = await(answer(request(client(), agent, CHAT)));
      assertThat(answer.head().statusCode()).isEqualTo(502);
      Agents.awaitVerdicts(agent, 1);
    }
  }

  @Test
  void http1_requestsSentAhead_areAnsweredInOrderOneAtATime() throws Exception {
    int many = 200;
    AtomicInteger atWork = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  String n = request.line().split("[/ ]")[2];
                  most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                  Thread.sleep(1);
                  atWork.decrementAndGet();
                  send(out, "HTTP/1.1 200 OK\r\nContent-Length: " + n.length() + "\r\n\r\n" + n);
                  return true;
                });
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < many; i++) {
        all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: test\r\n\r\n");
      }
      http.send(all.toString());
      for (int i = 0; i < many; i++) {
        assertThat(http.read(false).text()).isEqualTo("" + i);
      }
      assertThat(most.get()).isEqualTo(1);
    }
  }

  private record Answer(HttpClientResponse head, Buffer body) {}

  /** Listens before it asks: from another thread, the body could come before anybody listens. */
  private static Future<Answer> answer(HttpClientRequest request) {
    Future<Answer> answer =
        request.response().compose(head -> head.body().map(body -> new Answer(head, body)));
    request.send(ASK);
    return answer;
  }

  private HttpClient client() {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false));
  }

  private static HttpClientRequest request(HttpClient client, RunningAgent agent, String path)
      throws Exception {
    return await(client.request(HttpMethod.POST, agent.port(), "127.0.0.1", path));
  }

  private static HttpResponse<String> java(
      RunningAgent agent, String scheme, java.net.http.HttpClient client) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(scheme + "://localhost:" + agent.port() + CHAT))
            .POST(HttpRequest.BodyPublishers.ofString(ASK))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String streamed(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-One: 1\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"
        + Integer.toHexString(body.getBytes(StandardCharsets.UTF_8).length)
        + "\r\n"
        + body
        + "\r\n0\r\nx-sum: 5\r\n\r\n";
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
