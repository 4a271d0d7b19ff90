package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.UnscoredReason;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with a content coding: forwarded as they came, scored as they were meant. */
class ProxyCodedRequestTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"what about plums\"}]}";
  private static final String STREAM_ASK = ASK.replace("\"m\",", "\"m\",\"stream\":true,");

  /** {@link #ASK} by Google's encoder, quality 11. */
  private static final byte[] BROTLI_ASK =
      Base64.getDecoder()
          .decode(
              "G0YAAJwHtlu0nWQKgtPTmq9F2rb2Fhtc67B09S2ROnDIgUOA2be2uHl9ZZvIxz2SwLELBa4IApzaizaA7w==");

  /** 8 MiB of blanks. */
  private static final byte[] BROTLI_BOMB = Base64.getDecoder().decode("m///f/glQOKxQCD3/g8=");

  private static final String WHOLE = "{\"choices\":[{\"message\":{\"content\":\"evil plums\"}}]}";
  private static final String STREAM =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"evil plums\"}}]}\n\ndata: [DONE]\n\n";

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
  void coded_isScoredByItsTextAndForwardedUntouched(String coding) throws IOException {
    ScriptedTap tap = ScriptedTap.judging();
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      byte[] body = encode(coding, ASK);
      assertThat(post(agent, CHAT, body, coding).text()).isEqualTo(WHOLE);
      Exchange found = verdict(agent);
      assertThat(found.reading().score()).hasValue(0.9);
      assertThat(found.model()).isEqualTo("m");
      assertThat(prompt(tap.seen.get(0).prompt())).isEqualTo("what about plums");
      assertThat(origin.requests.get(0).body()).isEqualTo(body);
      assertThat(origin.requests.get(0).header("content-encoding")).isEqualTo(coding);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
  void bomb_isTooLongAndForwardedUntouched(String coding) throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      byte[] bomb = coding.equals("br") ? BROTLI_BOMB : encode(coding, " ".repeat(8 << 20));
      assertThat(bomb.length).isLessThan(64 << 10);
      assertThat(post(agent, CHAT, bomb, coding).text()).isEqualTo(WHOLE);
      assertThat(verdict(agent).reading().reason()).contains(UnscoredReason.TOO_LONG);
      assertThat(origin.requests.get(0).body()).isEqualTo(bomb);
    }
  }

  @Test
  void garbageAndUnknownCodings_areUnparseable() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      byte[] gzip = encode("gzip", ASK);
      for (String coding : List.of("br", "zstd", "deflate", "gzip, gzip", "made-up")) {
        assertThat(post(agent, CHAT, gzip, coding).text()).isEqualTo(WHOLE);
      }
      Agents.awaitVerdicts(agent, 5);
      assertThat(agent.ledger().latest(5))
          .allSatisfy(e -> assertThat(e.reading().reason()).contains(UnscoredReason.UNPARSEABLE));
      assertThat(origin.requests).allSatisfy(r -> assertThat(r.body()).isEqualTo(gzip));
    }
  }

  /** Many servers never look at the header: naming a coding must be no way past the score. */
  @Test
  void plainBodyThatNamesACoding_isScoredAllTheSame() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(origin.port(), ScriptedTap.judging(), "models.m.mode=annotate")) {
      byte[] plain = ASK.getBytes(StandardCharsets.UTF_8);
      RawHttp.Response answer = post(agent, CHAT, plain, "gzip");
      assertThat(answer.header("plumbline-verdict")).contains("drifted");
      assertThat(verdict(agent).model()).isEqualTo("m");
    }
  }

  @Test
  void mode_isThatOfTheModelNamed_orTheStrictestWhereItCannotBeSeen() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "models.other.mode=annotate",
                "models.other.fail=closed")) {
      assertThat(post(agent, CHAT, encode("gzip", ASK), "gzip").header("plumbline-verdict"))
          .isEmpty();
      assertThat(post(agent, CHAT, encode("zstd", other()), "zstd").header("plumbline-verdict"))
          .contains("drifted");
      RawHttp.Response large = post(agent, CHAT, encode("gzip", large()), "gzip");
      assertThat(large.header("plumbline-verdict")).contains("drifted");
      RawHttp.Response unread = post(agent, CHAT, encode("gzip", ASK), "made-up");
      assertThat(unread.status()).isEqualTo(503);
      Agents.awaitVerdicts(agent, 4);
    }
  }

  /** Who hides the name of a model that is always scored is always scored too. */
  @Test
  void sampling_ofAModelThatCannotBeSeen_isTheLargestShare() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "scoring.sample=0",
                "models.m.sample=0",
                "models.other.sample=1")) {
      post(agent, CHAT, encode("gzip", ASK), "gzip");
      assertThat(verdict(agent).reading().reason()).contains(UnscoredReason.SAMPLED_OUT);
      post(agent, CHAT, encode("gzip", large()), "gzip");
      Agents.awaitVerdicts(agent, 2);
      assertThat(agent.ledger().latest(1).get(0).reading().score()).hasValue(0.9);
    }
  }

  @Test
  void plainRequestOverTheBound_hasTheStrictestModeToo() throws IOException {
    try (ScriptedOrigin origin = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(
                origin.port(),
                ScriptedTap.judging(),
                "limits.observed-bytes=1000",
                "models.other.mode=annotate")) {
      RawHttp.Response answer = RawHttp.post(agent.port(), CHAT, large());
      assertThat(answer.header("plumbline-verdict")).contains("unscored(too_long)");
    }
  }

  @Test
  void routing_goesByTheModelWithinASmallCodedBody() throws IOException {
    try (ScriptedOrigin one = origin("application/json", WHOLE);
        ScriptedOrigin two = origin("application/json", WHOLE);
        RunningAgent agent =
            Agents.reading(
                one.port(),
                ScriptedTap.judging(),
                "origins.two.url=http://127.0.0.1:" + two.port(),
                "origins.two.models=m")) {
      for (String coding : List.of("gzip", "deflate", "br", "zstd", "made-up")) {
        byte[] body = coding.equals("made-up") ? new byte[] {1, 2, 3} : encode(coding, ASK);
        assertThat(post(agent, CHAT, body, coding).text()).isEqualTo(WHOLE);
        ScriptedOrigin asked = coding.equals("made-up") ? one : two;
        assertThat(asked.requests.get(asked.requests.size() - 1).body()).isEqualTo(body);
      }
      byte[] large = encode("gzip", large());
      assertThat(post(agent, CHAT, large, "gzip").text()).isEqualTo(WHOLE);
      assertThat(one.requests.get(1).body()).isEqualTo(large);
      assertThat(two.requests).hasSize(4);
      Agents.awaitVerdicts(agent, 6);
      assertThat(RawHttp.get(agent.adminPort(), "/metrics").text())
          .contains("plumbline_routed_total{by=\"model\"} 4.0")
          .contains("plumbline_routed_total{by=\"unparseable\"} 1.0")
          .contains("plumbline_routed_total{by=\"too_long\"} 1.0");
    }
  }

  @Test
  void stream_ofASmallCodedRequest_isFollowed() throws IOException {
    FollowingTap tap = new FollowingTap();
    try (ScriptedOrigin origin = origin("text/event-stream", STREAM);
        RunningAgent agent = Agents.reading(origin.port(), tap)) {
      assertThat(post(agent, CHAT, encode("gzip", STREAM_ASK), "gzip").text()).isEqualTo(STREAM);
      assertThat(verdict(agent).reading().score()).hasValue(0.7);
      assertThat(tap.fed).containsExactly("what about plums", "evil plums", "end: evil plums");
    }
  }

  /** Over 64 KiB also when coded. */
  private static String large() {
    byte[] noise = new byte[120_000];
    new Random(3).nextBytes(noise);
    return ASK.replace("what about plums", Base64.getEncoder().encodeToString(noise));
  }

  private static String other() {
    return ASK.replace("\"m\"", "\"other\"");
  }

  private static Exchange verdict(RunningAgent agent) {
    Agents.awaitVerdicts(agent, 1);
    return agent.ledger().latest(1).get(0);
  }

  private static String prompt(Prompt prompt) {
    return ((Prompt.Chat) prompt).messages().get(0).content();
  }

  private static RawHttp.Response post(RunningAgent agent, String path, byte[] body, String coding)
      throws IOException {
    try (RawHttp http = new RawHttp(agent.port())) {
      http.send(
          ("POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n")
              + ("Content-Encoding: " + coding + "\r\nContent-Length: " + body.length)
              + "\r\n\r\n");
      http.send(body);
      return http.read(false);
    }
  }

  private static byte[] encode(String coding, String text) throws IOException {
    if (coding.equals("br")) {
      assertThat(text).isEqualTo(ASK);
      return BROTLI_ASK;
    }
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (OutputStream out = encoder(coding, coded)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return coded.toByteArray();
  }

  private static OutputStream encoder(String coding, OutputStream to) throws IOException {
    return switch (coding) {
      case "deflate" -> new DeflaterOutputStream(to);
      case "zstd" -> new ZstdOutputStream(to);
      default -> new GZIPOutputStream(to);
    };
  }

  private static ScriptedOrigin origin(String type, String body) throws IOException {
    return ScriptedOrigin.sending(
        "HTTP/1.1 200 OK\r\ncontent-type: "
            + type
            + "\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }
}
