package dev.plumbline.agent;

import static dev.plumbline.agent.EventOrigin.DONE;
import static dev.plumbline.agent.EventOrigin.says;
import static dev.plumbline.agent.EventOrigin.stop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.NumberedOrigin.Plan;
import dev.plumbline.agent.ProxyRescueTest.Told;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.core.score.UnscoredReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What may go wrong with a screened stream: nothing is lost, doubled, or left without a verdict.
 */
class ProxyScreenedFaultsTest {
  private static final String CHAT = "/v1/chat/completions";

  /** Characters of one to four bytes, and joined ones, cut wherever a chunk happens to end. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 64})
  void stream_inPiecesOfAnySize_isTheOriginsByteForByte(int piece) throws Exception {
    String plain = says(0, "ü", " 🙂", "👩‍👩‍👧", " ", " 漢", "\\ud83d\\ude42") + stop(0) + DONE;
    try (EventOrigin origin = new EventOrigin(plain, "", piece);
        RunningAgent agent = withhold(origin, "withhold.window=1")) {
      assertThat(post(agent)).startsWith(named(plain));
      assertThat(only(agent).action()).isEqualTo(Action.NONE);
    }
  }

  @Test
  void event_overTheBound_whereFailIsOpen_passesWithAllThatFollows() throws Exception {
    String plain =
        says(0, " a", " b") + says(0, "x".repeat(4000)) + says(0, " c", " d") + stop(0) + DONE;
    for (int piece : List.of(100, 1 << 20)) {
      try (EventOrigin origin = new EventOrigin(plain, "", piece);
          RunningAgent agent =
              withhold(origin, "withhold.window=1", "limits.observed-bytes=2000", "fail=open")) {
        assertThat(post(agent)).startsWith(named(plain));
        assertThat(only(agent).reading().reason()).contains(UnscoredReason.TOO_LONG);
        assertThat(ProxyRescueTest.metrics(agent))
            .containsPattern("plumbline_fail_uses_total\\{.*too_long.*} 1.0");
      }
    }
  }

  @Test
  void event_overTheBound_whereFailIsClosed_neverGoesOut() throws Exception {
    String plain = says(0, " a", " b", " c") + says(0, "x".repeat(4000)) + stop(0) + DONE;
    try (EventOrigin origin = new EventOrigin(plain, "", 50);
        RunningAgent agent =
            withhold(origin, "withhold.window=1", "limits.observed-bytes=2000", "fail=closed")) {
      assertThat(post(agent)).doesNotContain("xxx");
      assertThat(only(agent).action()).isEqualTo(Action.WITHHELD);
    }
  }

  /** A verdict on the second choice's text once covered what the first said later. */
  @Test
  void choices_thatBeginOutOfOrder_areEachHeldForTheirOwnVerdict() throws Exception {
    String plain =
        says(1, " a", " long and", " kind text")
            + says(0, " EVIL")
            + says(1, " b", " c", " d")
            + stop(0)
            + stop(1)
            + DONE;
    try (EventOrigin origin = new EventOrigin(plain, "");
        RunningAgent agent = withhold(origin, "withhold.window=1")) {
      assertThat(post(agent)).doesNotContain("EVIL").contains("content_filter");
      assertThat(only(agent).action()).isEqualTo(Action.WITHHELD);
    }
  }

  @Test
  void text_behindDone_neverGoesOut() throws Exception {
    String plain = says(0, " a", " b") + stop(0) + DONE;
    try (EventOrigin origin = new EventOrigin(plain + says(0, " EVIL") + ": bye\n\n", "");
        RunningAgent agent = withhold(origin, "withhold.window=1")) {
      assertThat(post(agent)).startsWith(named(plain + ": bye\n\n")).doesNotContain("EVIL");
    }
  }

  @Test
  void error_inTheStream_isToldWhereFailIsOpen() throws Exception {
    String plain = says(0, " a", " b") + "data: {\"error\":{\"message\":\"dead\"}}\n\n" + DONE;
    try (EventOrigin origin = new EventOrigin(plain, "");
        RunningAgent agent = withhold(origin, "withhold.window=1")) {
      assertThat(post(agent)).startsWith(named(plain));
      assertThat(only(agent).reading().reason()).contains(UnscoredReason.UNPARSEABLE);
    }
  }

  /** Of the variant's stream, which nobody else sees, an error is a failed try. */
  @Test
  void error_inTheContinuation_isAFailedTry() throws Exception {
    String evil = says(0, " a", " b", " c", " EVIL") + stop(0) + DONE;
    String broken = says(0, " x") + "data: {\"error\":{\"message\":\"dead\"}}\n\n" + DONE;
    try (EventOrigin origin = new EventOrigin(evil, broken);
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                JudgingTap.of("EVIL"),
                (o, m) -> Optional.of(new AblatedVariant.Model("m-ablated")),
                "mode=rescue",
                "rescue.window=1",
                "rescue.retries=1")) {
      Told told = ProxyRescueTest.ask(agent, CHAT, ProxyRescueTest.body(true, ""));
      assertThat(told.finishes()).containsExactly("content_filter");
      assertThat(told.raw()).doesNotContain("EVIL", "dead");
      assertThat(origin.variantCalls).hasSize(2);
      assertThat(ProxyRescueTest.metrics(agent)).contains("result=\"failed\"} 2.0");
      assertThat(only(agent).action()).isEqualTo(Action.RESCUE_FAILED);
    }
  }

  /** The verdict is that on what goes on, not the one that made it turn. */
  @Test
  void client_thatLeavesARescuedStream_isScoredOnWhatItGot() throws Exception {
    JudgingTap tap = JudgingTap.atTheEnd("EVIL");
    try (NumberedOrigin origin =
            new NumberedOrigin(
                (c, variant, n) -> variant ? new Plan(4000, -1, -1, 5) : new Plan(12, 11, -1, 0));
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                tap,
                (o, m) -> Optional.of(new AblatedVariant.Header()),
                "models.m.mode=rescue",
                "rescue.window=2")) {
      leaveAt(agent, "\" 15\"");
      Exchange exchange = only(agent);
      assertThat(exchange.outcome()).isEqualTo(Outcome.CLIENT_GONE);
      assertThat(exchange.action()).isEqualTo(Action.RESCUED);
      assertThat(exchange.reading().score().getAsDouble()).isLessThan(0.5);
      assertThat(exchange.completionTokens()).isGreaterThanOrEqualTo(15);
      assertThat(ProxyRescueTest.metrics(agent)).contains("result=\"client_gone\"} 1.0");
      Agents.await("nothing is read any more", () -> tap.open.get() == 0);
    }
  }

  @Test
  void client_thatLeavesWhileTheVariantIsAsked_leavesNothingOpen() throws Exception {
    JudgingTap tap = JudgingTap.of("EVIL");
    java.util.concurrent.CountDownLatch asked = new java.util.concurrent.CountDownLatch(1);
    try (NumberedOrigin origin =
            new NumberedOrigin(
                (c, variant, n) -> {
                  if (variant) {
                    asked.countDown();
                    pause();
                  }
                  return new Plan(30, 12, -1, 0);
                });
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                tap,
                (o, m) -> Optional.of(new AblatedVariant.Header()),
                "models.m.mode=rescue",
                "rescue.window=2")) {
      try (Socket socket = send(agent)) {
        asked.await();
      }
      Exchange exchange = only(agent);
      assertThat(exchange.outcome()).isEqualTo(Outcome.CLIENT_GONE);
      assertThat(exchange.reading().score().getAsDouble()).isGreaterThan(0.5);
      Agents.await("nothing is read any more", () -> tap.open.get() == 0);
    }
  }

  /**
   * Far more than the sockets hold: the origin stands still with its client, and nothing is lost.
   */
  @Test
  void client_thatReadsSlowly_getsEveryToken() throws Exception {
    List<String> words = new ArrayList<>();
    for (int n = 0; n < 40_000; n++) {
      words.add(" w" + n);
    }
    String plain = says(0, words.toArray(String[]::new)) + stop(0) + DONE;
    try (EventOrigin origin = new EventOrigin(plain, "", 1 << 14);
        RunningAgent agent = withhold(origin, "withhold.window=4");
        Socket socket = send(agent)) {
      InputStream in = socket.getInputStream();
      byte[] some = new byte[1 << 15];
      StringBuilder all = new StringBuilder();
      for (int n = in.read(some), reads = 0; n > 0; n = in.read(some), reads++) {
        all.append(new String(some, 0, n, StandardCharsets.UTF_8));
        if (reads < 40) {
          Thread.sleep(5);
        }
        if (all.indexOf("\r\n0\r\n", Math.max(0, all.length() - n - 8)) >= 0) {
          break;
        }
      }
      assertThat(all.toString().split("\"content\":\" w", -1)).hasSize(40_001);
      assertThat(all).contains(" w39999").contains("[DONE]");
      assertThat(only(agent).outcome()).isEqualTo(Outcome.COMPLETED);
    }
  }

  /** Lines may end with a return alone: the last event, too, is one. */
  @Test
  void stream_ofReturnsAlone_isJudgedAndTheOrigins() throws Exception {
    String plain = (says(0, " a", " b", " c") + stop(0) + DONE).replace('\n', '\r');
    try (EventOrigin origin = new EventOrigin(plain, "");
        RunningAgent agent = withhold(origin, "withhold.window=1", "fail=closed")) {
      assertThat(post(agent)).startsWith(named(plain));
      assertThat(only(agent).action()).isEqualTo(Action.NONE);
      assertThat(only(agent).reading().reason()).isEmpty();
    }
  }

  /** Nobody takes what would be given anew: its server is told to stop. */
  @Test
  void wholeAnswer_whoseClientLeavesWhileItIsGivenAnew_stopsThat() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  boolean variant = request.header("plumbline-mode").equals("ablate");
                  return variant ? endless(out, asked, stopped) : evil(out);
                });
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                JudgingTap.of("EVIL"),
                (o, m) -> Optional.of(new AblatedVariant.Header()),
                "models.m.mode=rescue")) {
      try (Socket socket = send(agent, ProxyRescueTest.body(false, ""))) {
        asked.await();
      }
      assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(only(agent).outcome()).isEqualTo(Outcome.CLIENT_GONE);
      assertThat(ProxyRescueTest.metrics(agent))
          .contains("result=\"client_gone\"} 1.0")
          .doesNotContain("result=\"failed\"");
    }
  }

  private static boolean evil(OutputStream out) throws Exception {
    String body =
        "{\"id\":\"a\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"EVIL\"},\"finish_reason\":\"stop\"}]}";
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
    out.write((head + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return true;
  }

  private static boolean endless(OutputStream out, CountDownLatch asked, CountDownLatch stopped)
      throws Exception {
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    try {
      while (true) {
        out.write("1\r\n \r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        asked.countDown();
        Thread.sleep(10);
      }
    } catch (IOException e) {
      stopped.countDown();
      throw e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Socket send(RunningAgent agent) throws Exception {
    return send(agent, ProxyRescueTest.body(true, ""));
  }

  private static Socket send(RunningAgent agent, String asked) throws Exception {
    byte[] body = asked.getBytes(StandardCharsets.UTF_8);
    Socket socket = new Socket("127.0.0.1", agent.port());
    socket.setSoTimeout(20_000);
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ";
    socket
        .getOutputStream()
        .write((head + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    return socket;
  }

  private static void leaveAt(RunningAgent agent, String text) throws Exception {
    try (Socket socket = send(agent)) {
      StringBuilder all = new StringBuilder();
      byte[] some = new byte[4096];
      while (all.indexOf(text) < 0) {
        int n = socket.getInputStream().read(some);
        if (n < 0) {
          throw new AssertionError("wanted " + text + ", found " + all);
        }
        all.append(new String(some, 0, n, StandardCharsets.UTF_8));
      }
    }
  }

  private static String named(String events) {
    return events.replace("ID", "first").replace("MODEL", "m");
  }

  private static String post(RunningAgent agent) throws Exception {
    return RawHttp.post(agent.port(), CHAT, ProxyRescueTest.body(true, "")).text();
  }

  private static RunningAgent withhold(EventOrigin origin, String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("models.m.mode=withhold");
    return Agents.reading(origin.port(), JudgingTap.of("EVIL"), settings.toArray(String[]::new));
  }

  private static Exchange only(RunningAgent agent) {
    Agents.awaitVerdicts(agent, 1);
    return agent.ledger().latest(1).get(0);
  }
}
