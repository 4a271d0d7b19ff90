package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Origins that are down, slow, cut or broken: a clear answer, one verdict, no leak. */
class ProxyFailureTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String EVENT =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"wo\"}}]}\n\n";
  private static final String STREAM_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  @Test
  void origin_down_is502AndUnscored() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    try (RunningAgent agent = Agents.reading(free, ScriptedTap.judging())) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.text()).contains("origin_unreachable").contains("origin.url");
      Exchange exchange = only(agent);
      assertThat(exchange.reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
      assertThat(exchange.outcome()).isEqualTo(Outcome.ORIGIN_UNREACHABLE);
    }
  }

  @Test
  void origin_silent_is504AndTheConnectionIsGivenUp() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedOrigin origin = waiting(never);
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "origin.response-timeout=100ms")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.status()).isEqualTo(504);
      assertThat(answer.text()).contains("origin_timeout");
      assertThat(only(agent).reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
      never.countDown();
      Agents.await("no connection left", () -> origin.open.get() == 0);
    }
  }

  @Test
  void origin_closesWithoutAnswer_is502() throws IOException {
    try (ScriptedOrigin origin = new ScriptedOrigin((request, out) -> false);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      assertThat(RawHttp.post(agent.port(), CHAT, ASK).status()).isEqualTo(502);
      only(agent);
    }
  }

  @Test
  void stream_cut_clientGetsTheSameBytesAndTheSameCut() throws IOException {
    String chunk = Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n";
    cut(STREAM_HEAD + chunk + "5\r\nda");
    cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"choices\":[");
  }

  private static void cut(String script) throws IOException {
    try (ScriptedOrigin origin = closing(script);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      RawHttp.Response direct = RawHttp.post(origin.port(), CHAT, ASK);
      RawHttp.Response through = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(through.complete()).isFalse();
      assertThat(through.statusLine()).isEqualTo(direct.statusLine());
      assertThat(through.text()).isEqualTo(direct.text());
      Exchange exchange = only(agent);
      assertThat(exchange.reading().reason()).contains(UnscoredReason.UNPARSEABLE);
      assertThat(exchange.outcome()).isEqualTo(Outcome.ORIGIN_CUT);
      Agents.await("no connection left", () -> origin.open.get() == 0);
    }
  }

  @Test
  void stream_brokenEvents_passAndAreUnparseable() throws IOException {
    for (String body :
        List.of(
            "data: {\"choi\n\ndata: [DONE]\n\n",
            EVENT,
            "data: {\"error\":{}}\n\ndata: [DONE]\n\n")) {
      String script =
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      try (ScriptedOrigin origin = ScriptedOrigin.sending(script);
          RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
        assertThat(RawHttp.post(agent.port(), CHAT, ASK).text()).isEqualTo(body);
        assertThat(only(agent).reading().reason()).contains(UnscoredReason.UNPARSEABLE);
      }
    }
  }

  @Test
  void stream_fallsSilent_isCutAfterTheIdleTimeout() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  send(out, STREAM_HEAD + "2\r\nda\r\n");
                  never.await();
                  return false;
                });
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "origin.idle-timeout=100ms")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(answer.complete()).isFalse();
      assertThat(answer.text()).isEqualTo("da");
      assertThat(only(agent).outcome()).isEqualTo(Outcome.ORIGIN_TIMEOUT);
      never.countDown();
    }
  }

  @Test
  void client_leaves_originIsToldAndWhatWentOutIsScored() throws IOException {
    Semaphore broken = new Semaphore(0);
    String chunk = Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n";
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  send(out, STREAM_HEAD);
                  try {
                    while (true) {
                      send(out, chunk);
                      Thread.sleep(5);
                    }
                  } catch (IOException e) {
                    broken.release();
                    return false;
                  }
                });
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      try (RawHttp http = new RawHttp(agent.port())) {
        http.post(CHAT, ASK);
        http.readUntil("wo\"");
      }
      Agents.await("the origin to notice", () -> broken.availablePermits() == 1);
      Exchange exchange = only(agent);
      assertThat(exchange.outcome()).isEqualTo(Outcome.CLIENT_GONE);
      assertThat(exchange.reading().score()).isPresent();
      assertThat(tap.seen.get(0).answers().get(0)).startsWith("wo");
      Agents.await("no connection left", () -> origin.open.get() == 0);
    }
  }

  @Test
  void slowClient_bigAnswer_backPressureReachesTheOrigin() throws Exception {
    byte[] piece = new byte[64 << 10];
    java.util.concurrent.atomic.AtomicLong written = new java.util.concurrent.atomic.AtomicLong();
    long size = 200L << 20;
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  send(out, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                  for (long sent = 0; sent < size; sent += piece.length) {
                    out.write(piece);
                    written.addAndGet(piece.length);
                  }
                  return false;
                });
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send("GET /big HTTP/1.1\r\nHost: test\r\n\r\n");
      http.readUntil("\r\n\r\n");
      long before = -1;
      while (written.get() != before) {
        before = written.get();
        Thread.sleep(300);
      }
      assertThat(before).isLessThan(size / 2);
    }
  }

  @Test
  void client_saysNothing_isLetGo() throws IOException {
    try (ScriptedOrigin origin = whole();
        RunningAgent agent =
            Agents.passing(
                origin.port(),
                "connection.idle-timeout=300ms",
                "client.idle-timeout=200ms",
                "origin.idle-timeout=200ms",
                "origin.response-timeout=200ms");
        RawHttp silent = new RawHttp(agent.port());
        RawHttp idle = new RawHttp(agent.port())) {
      silent.send("POST / HT");
      idle.send("GET /x HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(idle.read(false).status()).isEqualTo(200);
      assertThat(silent.atEnd()).isTrue();
      assertThat(idle.atEnd()).isTrue();
    }
  }

  @Test
  void origin_answersEarly_theRestOfTheRequestIsDroppedAndTheConnectionKept() throws IOException {
    ScriptedOrigin.Script early =
        new ScriptedOrigin.Script() {
          @Override
          public boolean head(ScriptedOrigin.Request head, OutputStream out) {
            return head.line().contains("/later");
          }

          @Override
          public boolean answer(ScriptedOrigin.Request request, OutputStream out)
              throws IOException {
            send(out, "HTTP/1.1 413 Too Big\r\nContent-Length: 2\r\n\r\nno");
            return true;
          }
        };
    try (ScriptedOrigin origin = new ScriptedOrigin(early);
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send("POST /early HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n12345");
      assertThat(http.read(false).status()).isEqualTo(413);
      http.send("67890GET /later HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(http.read(false).text()).isEqualTo("no");
      Agents.await("the first connection to be given up", () -> origin.open.get() == 1);
    }
  }

  @Test
  void tap_slowFullOrFailing_isUnscoredAndDelaysNobody() throws IOException {
    try (ScriptedOrigin origin = whole();
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.hanging(),
                "scoring.queue=1",
                "scoring.deadline=300ms")) {
      RawHttp.post(agent.port(), CHAT, ASK);
      RawHttp.post(agent.port(), CHAT, ASK);
      Agents.awaitVerdicts(agent, 2);
      List<UnscoredReason> reasons = new ArrayList<>();
      agent.ledger().latest(2).forEach(e -> reasons.add(e.reading().reason().orElseThrow()));
      assertThat(reasons)
          .containsExactlyInAnyOrder(UnscoredReason.QUEUE_FULL, UnscoredReason.DEADLINE_PASSED);
      String page = RawHttp.get(agent.adminPort(), "/metrics").text();
      assertThat(page)
          .contains("plumbline_drops_total{reason=\"queue_full\"} 1.0")
          .contains("plumbline_drops_total{reason=\"deadline_passed\"} 1.0");
    }
    ScriptedTap failing =
        new ScriptedTap(
            text -> {
              throw new IllegalStateException("scripted");
            });
    try (ScriptedOrigin origin = whole();
        RunningAgent agent = Agents.reading(origin.port(), failing)) {
      RawHttp.post(agent.port(), CHAT, ASK);
      assertThat(only(agent).reading().reason()).contains(UnscoredReason.TAP_ERROR);
    }
  }

  @Test
  void manyExchanges_oneVerdictEachAndNoConnectionLeft() throws Exception {
    int clients = 8;
    int each = 25;
    try (ScriptedOrigin origin = whole()) {
      try (RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
          Thread thread = new Thread(() -> ask(agent, each));
          thread.start();
          threads.add(thread);
        }
        for (Thread thread : threads) {
          thread.join();
        }
        Agents.awaitVerdicts(agent, clients * each);
        assertThat(origin.accepted.get()).isLessThanOrEqualTo(clients);
      }
      Agents.await("no connection left", () -> origin.open.get() == 0);
    }
  }

  private static void ask(RunningAgent agent, int times) {
    try (RawHttp http = new RawHttp(agent.port())) {
      for (int i = 0; i < times; i++) {
        http.post(CHAT, ASK);
        assertThat(http.read(false).status()).isEqualTo(200);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Exchange only(RunningAgent agent) {
    Agents.awaitVerdicts(agent, 1);
    return agent.ledger().latest(1).get(0);
  }

  private static ScriptedOrigin whole() throws IOException {
    String body = "{\"choices\":[{\"message\":{\"content\":\"fine\"}}]}";
    return ScriptedOrigin.sending(
        "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  private static ScriptedOrigin closing(String script) throws IOException {
    return new ScriptedOrigin(
        (request, out) -> {
          send(out, script);
          return false;
        });
  }

  private static ScriptedOrigin waiting(CountDownLatch latch) throws IOException {
    return new ScriptedOrigin(
        (request, out) -> {
          latch.await();
          return false;
        });
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
