package dev.plumbline.agent.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.SecuredAgent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are none, on the ports as they are: what is not a 4xx is a closed connection. */
class RawAttacksTest {
  private static final String HOST = "Host: localhost\r\n";
  private static final int SILENCE = 600;
  private static SecuredAgent agent;

  @BeforeAll
  static void start() throws IOException {
    agent =
        SecuredAgent.passing(
            "client.head-timeout=1s", "client.body-timeout=1s", "client.connections=40");
  }

  @AfterAll
  static void stop() throws IOException {
    agent.close();
  }

  private static Arguments attack(String name, String bytes) {
    return Arguments.of(name, bytes);
  }

  /** Each carries a second request that must never be answered. */
  static Stream<Arguments> malformed() {
    String get = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";
    List<Arguments> all = new ArrayList<>();
    all.add(
        attack(
            "two lengths",
            "POST /v1/x HTTP/1.1\r\n"
                + HOST
                + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n"
                + get));
    all.add(
        attack(
            "a list of lengths",
            "POST /v1/x HTTP/1.1\r\n" + HOST + "Content-Length: 0, 44\r\n\r\n" + get));
    for (String length :
        new String[] {"-1", "+5", "0x10", "1e3", "99999999999999999999", "", " ", "5 5"}) {
      all.add(
          attack(
              "length '" + length + "'",
              "POST /v1/x HTTP/1.1\r\n" + HOST + "Content-Length: " + length + "\r\n\r\n" + get));
    }
    all.add(
        attack(
            "space before the colon",
            "POST /v1/x HTTP/1.1\r\n" + HOST + "Content-Length : 44\r\n\r\n" + get));
    all.add(
        attack("a header without a name", "GET /v1/x HTTP/1.1\r\n" + HOST + ": x\r\n\r\n" + get));
    all.add(attack("two hosts", "GET /v1/x HTTP/1.1\r\n" + HOST + HOST + "\r\n" + get));
    all.add(attack("no colon", "GET /v1/x HTTP/1.1\r\n" + HOST + "nonsense\r\n\r\n" + get));
    all.add(
        attack("NUL in a value", "GET /v1/x HTTP/1.1\r\n" + HOST + "X: a\u0000b\r\n\r\n" + get));
    all.add(attack("CR in a value", "GET /v1/x HTTP/1.1\r\n" + HOST + "X: a\rb\r\n\r\n" + get));
    all.add(attack("NUL in a name", "GET /v1/x HTTP/1.1\r\n" + HOST + "X\u0000Y: b\r\n\r\n" + get));
    all.add(
        attack(
            "unknown transfer coding",
            "POST /v1/x HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"
                + get));
    all.add(
        attack(
            "chunked and then something",
            "POST /v1/x HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"
                + get));
    for (String version : new String[] {"1.1", "1.0"}) {
      for (String both :
          new String[] {
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "transfer-encoding: Chunked\r\ncontent-length: 0\r\n"
          }) {
        all.add(
            attack(
                "both in " + version + ": " + both,
                "POST /v1/x HTTP/" + version + "\r\n" + HOST + both + "\r\n0\r\n\r\n" + get));
      }
    }
    all.add(
        attack(
            "a coding in 1.0",
            "POST /v1/x HTTP/1.0\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                + get));
    all.add(attack("LF alone", "GET /v1/x HTTP/1.1\nHost: localhost\n\n" + get));
    all.add(attack("LF after a header", "GET /v1/x HTTP/1.1\r\n" + HOST + "X: y\n\r\n" + get));
    all.add(
        attack(
            "LF after a chunk's size",
            "POST /v1/x HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n0;a\n\r\n"
                + get));
    all.add(
        attack(
            "a chunk size that is none",
            "POST /v1/x HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"
                + get));
    all.add(
        attack(
            "a negative chunk",
            "POST /v1/x HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n"
                + get));
    all.add(
        attack(
            "a chunk longer than told",
            "POST /v1/x HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"
                + get));
    all.add(
        attack(
            "a long line", "GET /" + "a".repeat(70_000) + " HTTP/1.1\r\n" + HOST + "\r\n" + get));
    all.add(
        attack(
            "a long header",
            "GET /v1/x HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(200_000) + "\r\n\r\n" + get));
    all.add(
        attack(
            "many headers",
            "GET /v1/x HTTP/1.1\r\n" + HOST + "X-Y: z\r\n".repeat(20_000) + "\r\n" + get));
    all.add(
        attack("another protocol", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001xx\r\n\r\n"));
    all.add(attack("version 9", "GET /v1/x HTTP/9.9\r\n" + HOST + "\r\n" + get));
    all.add(attack("a request line of two words", "GET /v1/x\r\n" + HOST + "\r\n" + get));
    return all.stream();
  }

  private static String unique(String bytes) {
    return bytes.replace("/smuggled", "/smuggled" + bytes.hashCode());
  }

  private static double refused(String port, String reason) throws IOException {
    return agent.counter(
        "plumbline_port_refused_total{port=\"" + port + "\",reason=\"" + reason + "\"");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void data_malformed_isRefusedAndNothingFollows(String name, String bytes) throws IOException {
    double before = refused("inference", "malformed");
    String answer = Raw.exchange(agent.port(), unique(bytes), SILENCE);
    assertThat(Raw.status(answer)).as(answer).isIn(0, 400, 413, 414, 431, 501, 505);
    assertThat(answer).doesNotContain("\"by\":\"origin\"");
    assertThat(agent.atOrigin()).noneMatch(seen -> seen.contains("/smuggled" + bytes.hashCode()));
    assertThat(refused("inference", "malformed")).isEqualTo(before + 1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void admin_malformed_isRefusedAndNothingFollows(String name, String bytes) throws IOException {
    String answer =
        Raw.exchange(agent.adminPort(), bytes.replace("/smuggled", "/api/state"), SILENCE);
    assertThat(Raw.status(answer)).as(answer).isIn(0, 400, 403, 404, 413, 414, 431, 501, 505);
    assertThat(answer).doesNotContain("\"switch\"");
  }

  @Test
  void malformed_isCountedByPort() throws IOException {
    String bytes = "GET /v1/x HTTP/1.1\r\n" + HOST + "X\u0000Y: b\r\n\r\n";
    double data = refused("inference", "malformed");
    double admin = refused("admin", "malformed");
    Raw.exchange(agent.port(), bytes, SILENCE);
    Raw.exchange(agent.adminPort(), bytes, SILENCE);
    agent.awaitCounter(
        "plumbline_port_refused_total{port=\"inference\",reason=\"malformed\"", data + 1);
    agent.awaitCounter(
        "plumbline_port_refused_total{port=\"admin\",reason=\"malformed\"", admin + 1);
  }

  /** RFC 9112 5.2: a folded line is one value with spaces, here and behind. */
  @Test
  void foldedLine_isOneValue_andNoHeaderOfItsOwn() throws IOException {
    String bytes = "GET /v1/folded HTTP/1.1\r\n" + HOST + "X-A: b\r\n X-Injected: yes\r\n\r\n";
    Raw.exchange(agent.port(), bytes, SILENCE);
    assertThat(agent.atOrigin().stream().flatMap(String::lines))
        .noneMatch(line -> line.strip().toLowerCase().startsWith("x-injected"));
  }

  /** What a client writes into a header or a target does not become a line of its own behind. */
  @Test
  void lineBreaks_inTargetAndHeaders_doNotInject() throws IOException {
    for (String target :
        new String[] {"/v1/x%0d%0aX-Injected:%20yes", "/v1/x?a=%0d%0aX-Injected:%20yes"}) {
      Raw.ask(agent.port(), "GET", target, "X-Request-Id: a%0d%0aX-Injected: yes");
    }
    Raw.exchange(agent.port(), "GET /v1/x\nX-Injected: yes HTTP/1.1\r\n" + HOST + "\r\n", SILENCE);
    assertThat(agent.atOrigin().stream().flatMap(String::lines))
        .noneMatch(line -> line.toLowerCase().startsWith("x-injected"));
  }

  /** The proxy does not resolve a path: it is the origin's, dots and all, and never a file here. */
  @Test
  void traversal_isNeverAFileOfThisMachine() throws IOException {
    for (String path :
        new String[] {
          "/../../etc/passwd",
          "/%2e%2e/%2e%2e/etc/passwd",
          "/v1/..%2f..%2fetc/passwd",
          "/..%5c..%5c"
        }) {
      assertThat(Raw.ask(agent.port(), "GET", path)).doesNotContain("root:");
      assertThat(Raw.ask(agent.adminPort(), "GET", path)).doesNotContain("root:");
      assertThat(Raw.status(Raw.ask(agent.adminPort(), "GET", path))).isIn(400, 404);
    }
  }

  @Test
  void admin_connectionThatIsSilent_isClosedAndCounted() throws IOException {
    double before = refused("admin", "slow_head");
    try (Socket silent = new Socket("127.0.0.1", agent.adminPort())) {
      silent.setSoTimeout(30_000);
      assertThat(Raw.read(silent.getInputStream())).isEmpty();
    }
    agent.awaitCounter(
        "plumbline_port_refused_total{port=\"admin\",reason=\"slow_head\"", before + 1);
  }

  /** Neither one that is silent nor one whose head comes byte by byte, be it HTTP/2's. */
  @ParameterizedTest
  @ValueSource(strings = {"", "P", "PRI * HT", "GET /v1/slow HTTP/1.1\r\nHost: lo"})
  void head_inPlainTextThatDoesNotCome_isClosedAndCounted(String part) throws Exception {
    double before = refused("inference", "slow_head");
    try (Socket slow = new Socket("127.0.0.1", agent.port())) {
      slow.setSoTimeout(20_000);
      slow.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
      slow.getOutputStream().flush();
      assertThat(slow.getInputStream().read()).isNegative();
    }
    agent.awaitCounter(
        "plumbline_port_refused_total{port=\"inference\",reason=\"slow_head\"", before + 1);
  }

  private static final String KEPT =
      "GET /v1/kept HTTP/1.1\r\n" + HOST + "X-Many: " + "x".repeat(40) + "\r\n\r\n";

  private static void answered(Socket socket) throws IOException {
    assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
        .isEqualTo("HTTP/1.1 200");
    String rest = "";
    while (!rest.endsWith("\"origin\"}")) {
      rest += (char) socket.getInputStream().read();
    }
  }

  private static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** Of a kept connection: be it begun and left, or sent byte by byte, or nothing but lines. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "G",
        "GET /v1/slow HTTP/1.1\r\n",
        "GET /v1/slow HTTP/1.1\r\nHost: lo",
        "\r\n\r\n\r\n"
      })
  void laterHead_thatDoesNotCome_isClosedAndCounted(String part) throws Exception {
    double before = refused("inference", "slow_head");
    try (Socket slow = new Socket("127.0.0.1", agent.port())) {
      slow.setSoTimeout(20_000);
      for (int request = 0; request < 3; request++) {
        write(slow, KEPT);
        answered(slow);
      }
      write(slow, part);
      assertThat(slow.getInputStream().read()).isNegative();
    }
    agent.awaitCounter(
        "plumbline_port_refused_total{port=\"inference\",reason=\"slow_head\"", before + 1);
    assertThat(refused("inference", "slow_head")).isEqualTo(before + 1);
  }

  @Test
  void laterHead_byteByByte_isClosedAndCounted() throws Exception {
    double before = refused("inference", "slow_head");
    try (Socket slow = new Socket("127.0.0.1", agent.port())) {
      slow.setSoTimeout(100);
      write(slow, KEPT);
      answered(slow);
      write(slow, "GET /v1/slow HTTP/1.1\r\nX: ");
      int byThen = 0;
      while (byThen < 200 && Raw.open(slow)) {
        write(slow, "x");
        byThen++;
      }
      assertThat(byThen).isLessThan(200);
    } catch (IOException brokenWhileWriting) {
      // That is an end, too.
    }
    agent.awaitCounter(
        "plumbline_port_refused_total{port=\"inference\",reason=\"slow_head\"", before + 1);
  }

  /** What is quick goes on: heads in pieces, and an empty line too much before a long silence. */
  @Test
  void keptConnection_ofAnHonestClient_staysOpen() throws Exception {
    double before = refused("inference", "slow_head");
    try (Socket kept = new Socket("127.0.0.1", agent.port())) {
      kept.setTcpNoDelay(true);
      kept.setSoTimeout(20_000);
      for (int cut = 1; cut < KEPT.length(); cut += 7) {
        write(kept, KEPT.substring(0, cut));
        Thread.sleep(5);
        write(kept, KEPT.substring(cut));
        answered(kept);
      }
      write(kept, "\r\n");
      Thread.sleep(2500);
      write(kept, KEPT);
      answered(kept);
    }
    assertThat(refused("inference", "slow_head")).isEqualTo(before);
  }

  /** Cut anywhere, a request is what it is whole. */
  @Test
  void head_inPieces_isARequest() throws Exception {
    String bytes = "PUT /v1/pieces HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n";
    for (int cut = 1; cut < 30; cut++) {
      try (Socket socket = new Socket("127.0.0.1", agent.port())) {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(5000);
        OutputStream out = socket.getOutputStream();
        out.write(bytes.substring(0, cut).getBytes(StandardCharsets.US_ASCII));
        out.flush();
        Thread.sleep(5);
        out.write(bytes.substring(cut).getBytes(StandardCharsets.US_ASCII));
        out.flush();
        byte[] head = socket.getInputStream().readNBytes(12);
        assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
      }
    }
  }

  @Test
  void body_thatDoesNotCome_isClosedAndCounted() throws IOException {
    for (String framing : new String[] {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
      double before = refused("inference", "slow_body");
      try (Socket slow = new Socket("127.0.0.1", agent.port())) {
        slow.setSoTimeout(20_000);
        OutputStream out = slow.getOutputStream();
        String head = "POST /v1/slow HTTP/1.1\r\n" + HOST + framing + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        assertThat(Raw.read(slow.getInputStream())).doesNotContain("\"by\":\"origin\"");
      }
      agent.awaitCounter(
          "plumbline_port_refused_total{port=\"inference\",reason=\"slow_body\"", before + 1);
    }
  }

  @Test
  void connections_beyondTheBound_areClosedAndCounted_andPlacesComeBack() throws IOException {
    double before = refused("inference", "connections");
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        Socket socket = new Socket("127.0.0.1", agent.port());
        open.add(socket);
        socket
            .getOutputStream()
            .write(
                ("GET /v1/kept HTTP/1.1\r\n" + HOST + "\r\n").getBytes(StandardCharsets.US_ASCII));
      }
      agent.awaitCounter(
          "plumbline_port_refused_total{port=\"inference\",reason=\"connections\"", before + 20);
    } finally {
      for (Socket each : open) {
        each.close();
      }
    }
    assertThat(answeredAgain()).isTrue();
  }

  private static boolean answeredAgain() throws IOException {
    for (int i = 0; i < 100; i++) {
      if (Raw.ask(agent.port(), "GET", "/v1/x").contains("\"by\":\"origin\"")) {
        return true;
      }
    }
    return false;
  }
}
