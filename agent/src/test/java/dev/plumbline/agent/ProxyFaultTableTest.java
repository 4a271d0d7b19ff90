package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way an exchange can break, as a table: what the client got, the verdict, the counter; and
 * after each row no exchange without a verdict, no passage open, no connection left.
 */
class ProxyFaultTableTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String EVENT =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"wo\"}}]}\n\n";
  private static final String SIZED =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String CHUNK = Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n";

  /** How the origin goes on after what it has sent. */
  private enum Then {
    END,
    RESET,
    STALL
  }

  /**
   * @param sent what the origin sends before it breaks
   * @param status what the client gets; an answer that began is cut
   * @param bytes of the body that the client gets
   */
  private record Row(String phase, String sent, int status, int bytes) {
    @Override
    public String toString() {
      return phase;
    }
  }

  private static final List<Row> PHASES =
      List.of(
          new Row("before the head", "", 502, -1),
          new Row("in the status line", "HTTP/1.1 2", 502, -1),
          new Row("in the head", "HTTP/1.1 200 OK\r\nContent-Ty", 502, -1),
          new Row("after a sized head", SIZED, 200, 0),
          new Row("in a sized body", SIZED + "{\"choi", 200, 6),
          new Row("before the last byte", SIZED + "x".repeat(49), 200, 49),
          new Row("after a stream's head", CHUNKED, 200, 0),
          new Row("in a chunk's size", CHUNKED + CHUNK + "1", 200, EVENT.length()),
          new Row("in a chunk", CHUNKED + CHUNK + "5\r\nda", 200, EVENT.length() + 2),
          new Row("before the last chunk", CHUNKED + CHUNK, 200, EVENT.length()),
          new Row("in the last chunk", CHUNKED + CHUNK + "0\r\n", 200, EVENT.length()));

  private static final List<Row> GARBAGE =
      List.of(
          new Row("another protocol", "SSH-2.0-OpenSSH_9\r\n\r\n", 502, -1),
          new Row("no status", "HTTP/1.1 abc OK\r\n\r\n", 502, -1),
          new Row("bytes", "\u0000\u0001\u0002\u00ff\r\n\r\n", 502, -1),
          new Row("head over the bound", "HTTP/1.1 200 OK\r\nX: " + "y".repeat(70_000), 502, -1),
          new Row("no length", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", 502, -1),
          new Row(
              "two lengths",
              "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
              502,
              -1),
          new Row("no chunk size", CHUNKED + CHUNK + "zz\r\n", 200, EVENT.length()));

  private final CountDownLatch stalled = new CountDownLatch(1);
  private volatile ScriptedOrigin.Script script;
  private ScriptedOrigin origin;
  private RunningAgent agent;

  @BeforeEach
  void start() throws IOException {
    origin = new ScriptedOrigin(current());
    agent =
        Agents.reading(
            origin.port(),
            ScriptedTap.judging(),
            "origin.response-timeout=300ms",
            "origin.idle-timeout=300ms");
  }

  private ScriptedOrigin.Script current() {
    return new ScriptedOrigin.Script() {
      @Override
      public boolean head(ScriptedOrigin.Request head, OutputStream out) throws Exception {
        return script.head(head, out);
      }

      @Override
      public boolean answer(ScriptedOrigin.Request request, OutputStream out) throws Exception {
        return script.answer(request, out);
      }
    };
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    Agents.awaitVerdicts(agent, 1);
    Agents.await("no passage open", () -> page().contains("plumbline_passages_open 0.0"));
    assertThat(page())
        .contains("plumbline_exchanges_in_flight 0.0")
        .contains("plumbline_queue_depth{queue=\"scoring\"} 0.0");
    stalled.countDown();
    agent.close();
    Agents.await("no connection left", () -> origin.open.get() == 0);
    origin.close();
  }

  static Stream<Row> phases() {
    return PHASES.stream();
  }

  static Stream<Row> garbage() {
    return GARBAGE.stream();
  }

  @ParameterizedTest
  @MethodSource("phases")
  void origin_ends(Row row) throws IOException {
    breaks(row, Then.END);
  }

  @ParameterizedTest
  @MethodSource("phases")
  void origin_resets(Row row) throws IOException {
    breaks(row, Then.RESET);
  }

  @ParameterizedTest
  @MethodSource("phases")
  void origin_stalls(Row row) throws IOException {
    breaks(row, Then.STALL);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void origin_sendsGarbage(Row row) throws IOException {
    breaks(row, Then.STALL, Outcome.ORIGIN_UNREACHABLE, Outcome.ORIGIN_CUT, 502);
  }

  private void breaks(Row row, Then then) throws IOException {
    boolean stalls = then == Then.STALL;
    breaks(
        row,
        then,
        stalls ? Outcome.ORIGIN_TIMEOUT : Outcome.ORIGIN_UNREACHABLE,
        stalls ? Outcome.ORIGIN_TIMEOUT : Outcome.ORIGIN_CUT,
        stalls ? 504 : 502);
  }

  private void breaks(Row row, Then then, Outcome early, Outcome late, int status)
      throws IOException {
    script =
        (request, out) -> {
          out.write(row.sent().getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
          if (then == Then.RESET) {
            // What was sent must arrive before the reset, which overtakes it.
            Thread.sleep(100);
            throw new ScriptedOrigin.Reset();
          }
          if (then == Then.STALL) {
            stalled.await();
          }
          return false;
        };
    RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, ASK);
    Exchange exchange = only();
    if (row.bytes() < 0) {
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.complete()).isTrue();
      assertThat(answer.text()).contains("origin_");
      assertThat(exchange.outcome()).isEqualTo(early);
      assertThat(exchange.reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    } else {
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.complete()).isFalse();
      assertThat(answer.body()).hasSize(row.bytes());
      assertThat(exchange.outcome()).isEqualTo(late);
      assertThat(exchange.reading().reason()).contains(UnscoredReason.UNPARSEABLE);
    }
    assertThat(page())
        .contains(
            "plumbline_origin_failures_total{kind=\"" + exchange.outcome().wireName() + "\"} 1.0");
  }

  @Test
  void origin_saysMoreThanItsAnswer_nobodyGetsTheRest() throws IOException {
    String own = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nown";
    script =
        (request, out) -> {
          boolean first = origin.requests.size() == 1;
          String rest = first ? own.replace("own", "bad") : "";
          out.write((own + rest).getBytes(StandardCharsets.UTF_8));
          return true;
        };
    assertThat(RawHttp.post(agent.port(), CHAT, ASK).text()).isEqualTo("own");
    for (int i = 0; i < 4; i++) {
      assertThat(RawHttp.get(agent.port(), "/other").text()).isEqualTo("own");
    }
  }

  @Test
  void origin_floods_slowClientIsLetGoAndMemoryIsBounded() throws Exception {
    agent.close();
    agent =
        Agents.reading(
            origin.port(),
            ScriptedTap.judging(),
            "client.idle-timeout=300ms",
            "origin.idle-timeout=300ms",
            "limits.observed-bytes=65536");
    byte[] piece = new byte[64 << 10];
    AtomicLong sent = new AtomicLong();
    script =
        (request, out) -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
          while (true) {
            out.write(piece);
            sent.addAndGet(piece.length);
          }
        };
    try (RawHttp http = new RawHttp(agent.port())) {
      http.post(CHAT, ASK);
      Exchange exchange = only();
      assertThat(exchange.outcome()).isEqualTo(Outcome.CLIENT_GONE);
      assertThat(exchange.reading().reason()).contains(UnscoredReason.TOO_LONG);
      assertThat(sent.get()).isLessThan(64 << 20);
      assertThat(page()).contains("plumbline_drops_total{reason=\"client_stalled\"} 1.0");
    }
  }

  /** Where a client vanishes. */
  private enum Leaves {
    AFTER_THE_HEAD,
    IN_ITS_BODY,
    WAITING,
    AFTER_THE_ANSWERS_HEAD,
    IN_THE_ANSWER
  }

  @ParameterizedTest
  @EnumSource(Leaves.class)
  void client_ends(Leaves when) throws Exception {
    vanishes(when, false);
  }

  @ParameterizedTest
  @EnumSource(Leaves.class)
  void client_resets(Leaves when) throws Exception {
    vanishes(when, true);
  }

  private void vanishes(Leaves when, boolean reset) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    script =
        new ScriptedOrigin.Script() {
          @Override
          public boolean head(ScriptedOrigin.Request head, OutputStream out) {
            arrived.countDown();
            return true;
          }

          @Override
          public boolean answer(ScriptedOrigin.Request request, OutputStream out) throws Exception {
            if (when.compareTo(Leaves.WAITING) > 0) {
              out.write(CHUNKED.getBytes(StandardCharsets.UTF_8));
            }
            while (when == Leaves.IN_THE_ANSWER) {
              out.write(CHUNK.getBytes(StandardCharsets.UTF_8));
              Thread.sleep(5);
            }
            told.await();
            return false;
          }
        };
    agent.close();
    agent = Agents.reading(origin.port(), ScriptedTap.judging());
    RawHttp http = new RawHttp(agent.port());
    http.send(
        "POST " + CHAT + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + ASK.length() + "\r\n\r\n");
    int part = when == Leaves.AFTER_THE_HEAD ? 0 : ASK.length();
    http.send(ASK.substring(0, when == Leaves.IN_ITS_BODY ? 5 : part));
    if (when.compareTo(Leaves.WAITING) > 0) {
      http.readUntil(when == Leaves.IN_THE_ANSWER ? "wo\"" : "\r\n\r\n");
    } else if (when == Leaves.WAITING) {
      assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
    } else {
      Agents.await("the exchange", () -> page().contains("plumbline_passages_open 1.0"));
    }
    if (reset) {
      http.reset();
    } else {
      http.close();
    }
    Exchange exchange = only();
    assertThat(exchange.outcome()).isEqualTo(Outcome.CLIENT_GONE);
    assertThat(exchange.status()).isEqualTo(when.compareTo(Leaves.WAITING) > 0 ? 200 : 0);
    told.countDown();
  }

  private Exchange only() {
    Agents.awaitVerdicts(agent, 1);
    return agent.ledger().latest(1).get(0);
  }

  private String page() {
    try {
      return RawHttp.get(agent.adminPort(), "/metrics").text();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
