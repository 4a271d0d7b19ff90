package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code observe}: what a client receives is what it would receive without the agent. */
class ProxyObserveTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String WHOLE =
      "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"evil wörld\"}}]}";
  private static final String STREAM =
      ": hello\r\n\r\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"wör\"}}]}\r\n\r\n"
          + "event: x\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ld 🙂 evil\"}}]}\n\n"
          + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

  /** What the origin sends, by path. */
  private static final Map<String, byte[]> SCRIPTS =
      Map.of(
          "/whole",
          utf8(
              "HTTP/1.1 200 Fine Indeed\r\nX-One: 1\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nSERVER: odd/1\r\n"
                  + "x-twice: a\r\nX-Twice: b\r\nSet-Cookie: a=1; b=\"c,d\"\r\nContent-Type: application/json\r\n"
                  + "Content-Length: "
                  + utf8(WHOLE).length
                  + "\r\n\r\n"
                  + WHOLE),
          "/empty",
          utf8("HTTP/1.1 204 No Content\r\nX-One: 1\r\n\r\n"),
          "/notmodified",
          utf8("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"),
          "/zero",
          utf8("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
          "/error",
          utf8("HTTP/1.1 500 Oh\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nno!"),
          "/odd",
          utf8(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n"
                  + "1\r\n{\r\n2;ext=1\r\n\"a\r\n00003\r\n\":1\r\n1\r\n}\r\n0\r\nx-sum: 5\r\n\r\n"),
          "/latin",
          "HTTP/1.1 200 OK\r\nX-Name: caf\u00e9\r\nX-Empty:\r\nContent-Length: 2\r\n\r\nok"
              .getBytes(StandardCharsets.ISO_8859_1));

  @ParameterizedTest
  @ValueSource(strings = {"/whole", "/empty", "/notmodified", "/zero", "/error", "/odd", "/latin"})
  void get_anything_isTheOriginsAnswer(String path) throws IOException {
    try (ScriptedOrigin origin = scripted();
        RunningAgent agent = Agents.passing(origin.port())) {
      same(RawHttp.get(origin.port(), path), RawHttp.get(agent.port(), path));
    }
  }

  @Test
  void chat_whole_isByteIdenticalAndScored() throws IOException {
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin = sending(SCRIPTS.get("/whole"), Integer.MAX_VALUE);
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      same(RawHttp.post(origin.port(), CHAT, ASK), RawHttp.post(agent.port(), CHAT, ASK));
      Agents.awaitVerdicts(agent, 1);
      assertThat(tap.seen.get(0).answers()).containsExactly("evil wörld");
      assertThat(newest(agent).reading().verdict()).isInstanceOf(Verdict.Drifted.class);
      assertThat(newest(agent).model()).isEqualTo("m");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
  void chat_streamInAnyPieces_isByteIdenticalAndScored(int pieces) throws IOException {
    ScriptedTap tap = ScriptedTap.judging();
    byte[] script = chunked(utf8(STREAM), pieces);
    try (ScriptedOrigin origin = sending(script, pieces);
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      RawHttp.Response through = RawHttp.post(agent.port(), CHAT, ASK);
      same(RawHttp.post(origin.port(), CHAT, ASK), through);
      assertThat(through.text()).isEqualTo(STREAM);
      Agents.awaitVerdicts(agent, 1);
      assertThat(tap.seen.get(0).answers()).containsExactly("wörld 🙂 evil");
    }
  }

  @Test
  void chat_gzip_passesUntouchedAndIsRead() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(utf8(WHOLE));
    }
    byte[] head =
        utf8(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                + zipped.size()
                + "\r\n\r\n");
    ByteArrayOutputStream script = new ByteArrayOutputStream();
    script.writeBytes(head);
    script.writeBytes(zipped.toByteArray());
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin = sending(script.toByteArray(), Integer.MAX_VALUE);
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      same(RawHttp.post(origin.port(), CHAT, ASK), RawHttp.post(agent.port(), CHAT, ASK));
      Agents.awaitVerdicts(agent, 1);
      assertThat(tap.seen.get(0).answers()).containsExactly("evil wörld");
    }
  }

  @Test
  void request_anyMethodPathAndBody_arrivesAsItWas() throws IOException {
    try (ScriptedOrigin origin =
            ScriptedOrigin.sending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send(
          "PATCH /a%20b//c?x=%2F&y HTTP/1.1\r\nHost: test\r\nX-CaSe: Kept\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
              + "TE: trailers\r\nAuthorization: Bearer k\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
      assertThat(http.read(false).status()).isEqualTo(200);
      ScriptedOrigin.Request request = origin.requests.get(0);
      assertThat(request.line()).isEqualTo("PATCH /a%20b//c?x=%2F&y HTTP/1.1");
      assertThat(request.text()).isEqualTo("abcde");
      assertThat(request.headers()).contains("X-CaSe: Kept", "Authorization: Bearer k");
      assertThat(request.header("x-hop")).isEmpty();
      assertThat(request.header("x-forwarded-for")).isEmpty();
    }
  }

  @Test
  void requestId_ofTheClientOrMade_reachesTheOriginAndIsTheExchanges() throws IOException {
    try (ScriptedOrigin origin = sending(SCRIPTS.get("/whole"), Integer.MAX_VALUE);
        RunningAgent agent = Agents.passing(origin.port())) {
      RawHttp.Response kept = RawHttp.post(agent.port(), CHAT, ASK, "X-Request-Id: mine-1");
      RawHttp.post(agent.port(), CHAT, ASK);
      Agents.awaitVerdicts(agent, 2);
      assertThat(origin.requests.get(0).headers()).contains("X-Request-Id: mine-1");
      assertThat(agent.ledger().find("mine-1")).isPresent();
      assertThat(agent.ledger().find(origin.requests.get(1).header("x-request-id"))).isPresent();
      assertThat(kept.header("x-request-id")).isEmpty();
    }
  }

  @Test
  void http10_answerWithoutLength_endsWithTheConnection() throws IOException {
    try (ScriptedOrigin origin = scripted();
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send("GET /odd HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      RawHttp.Response answer = http.read(false);
      assertThat(answer.header("transfer-encoding")).isEmpty();
      assertThat(answer.text()).isEqualTo("{\"a\":1}");
      assertThat(http.atEnd()).isTrue();
    }
  }

  @Test
  void expect_refused_bodyIsNeverAskedForAndTheConnectionEnds() throws IOException {
    ScriptedOrigin.Script refusing =
        new ScriptedOrigin.Script() {
          @Override
          public boolean head(ScriptedOrigin.Request head, OutputStream out) {
            return false;
          }

          @Override
          public boolean answer(ScriptedOrigin.Request request, OutputStream out)
              throws IOException {
            out.write(utf8("HTTP/1.1 413 Too Big\r\nContent-Length: 0\r\n\r\n"));
            return false;
          }
        };
    try (ScriptedOrigin origin = new ScriptedOrigin(refusing);
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send(
          "POST /v1/completions HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
              + "Content-Length: 9\r\n\r\n");
      assertThat(http.read(false).status()).isEqualTo(413);
      assertThat(http.interim).isEmpty();
      assertThat(http.atEnd()).isTrue();
      Agents.awaitVerdicts(agent, 1);
      Agents.await("no connection left", () -> origin.open.get() == 0);
    }
  }

  @Test
  void head_withoutLength_getsNone() throws IOException {
    try (ScriptedOrigin origin = ScriptedOrigin.sending("HTTP/1.1 200 OK\r\nX-One: 1\r\n\r\n");
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send("HEAD /x HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(http.read(true).endToEnd()).containsExactly("X-One: 1");
    }
  }

  @Test
  void head_withLength_keepsIt() throws IOException {
    try (ScriptedOrigin origin =
            ScriptedOrigin.sending("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n");
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send("HEAD /x HTTP/1.1\r\nHost: test\r\n\r\n");
      assertThat(http.read(true).header("content-length")).contains("77");
    }
  }

  @Test
  void scoringOff_isAVerdictAndNoTapIsNeeded() throws IOException {
    try (ScriptedOrigin origin = sending(SCRIPTS.get("/whole"), Integer.MAX_VALUE);
        RunningAgent agent = Agents.passing(origin.port())) {
      RawHttp.post(agent.port(), CHAT, ASK);
      Agents.awaitVerdicts(agent, 1);
      assertThat(newest(agent).reading().reason()).contains(UnscoredReason.OFF);
    }
  }

  @Test
  void observedBytes_exceeded_isTooLongAndStillPasses() throws IOException {
    try (ScriptedOrigin origin = sending(SCRIPTS.get("/whole"), Integer.MAX_VALUE);
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "limits.observed-bytes=20")) {
      same(RawHttp.post(origin.port(), CHAT, ASK), RawHttp.post(agent.port(), CHAT, ASK));
      Agents.awaitVerdicts(agent, 1);
      assertThat(newest(agent).reading().reason()).contains(UnscoredReason.TOO_LONG);
    }
  }

  @Test
  void otherRoutes_areCountedNotScored() throws IOException {
    try (ScriptedOrigin origin = scripted();
        RunningAgent agent = Agents.passing(origin.port())) {
      RawHttp.get(agent.port(), "/whole");
      // A sized answer is whole for the client a moment before it is for the agent.
      Agents.await(
          "one other request",
          () -> metrics(agent).contains("plumbline_other_requests_total{code=\"2xx\"} 1.0"));
      assertThat(agent.ledger().latest(10)).isEmpty();
    }
  }

  private static String metrics(RunningAgent agent) {
    try {
      return RawHttp.get(agent.adminPort(), "/metrics").text();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void same(RawHttp.Response direct, RawHttp.Response through) {
    assertThat(through.statusLine()).isEqualTo(direct.statusLine());
    assertThat(through.body()).isEqualTo(direct.body());
    assertThat(through.endToEnd()).isEqualTo(direct.endToEnd());
    assertThat(through.trailers()).isEqualTo(direct.trailers());
    assertThat(through.complete()).isEqualTo(direct.complete());
  }

  private static ScriptedOrigin scripted() throws IOException {
    return new ScriptedOrigin(
        (request, out) -> {
          out.write(SCRIPTS.get(request.line().split(" ")[1]));
          out.flush();
          return false;
        });
  }

  /** Sends in pieces of so many bytes, each in a packet of its own as far as that can be had. */
  private static ScriptedOrigin sending(byte[] script, int piece) throws IOException {
    return new ScriptedOrigin(
        (request, out) -> {
          for (int at = 0; at < script.length; at += piece) {
            out.write(script, at, Math.min(piece, script.length - at));
            out.flush();
            if (piece <= 0 || at > Integer.MAX_VALUE - piece) {
              break;
            }
          }
          return false;
        });
  }

  private static byte[] chunked(byte[] body, int piece) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(
        utf8(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (int at = 0; at < body.length; at += piece) {
      int length = Math.min(piece, body.length - at);
      all.writeBytes(utf8(Integer.toHexString(length) + "\r\n"));
      all.write(body, at, length);
      all.writeBytes(utf8("\r\n"));
    }
    all.writeBytes(utf8("0\r\n\r\n"));
    return all.toByteArray();
  }

  private static Exchange newest(RunningAgent agent) {
    return List.copyOf(agent.ledger().latest(1)).get(0);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
