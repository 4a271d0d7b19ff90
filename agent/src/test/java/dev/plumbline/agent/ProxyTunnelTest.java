package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** WebSocket and any other upgrade: a tunnel, counted, not looked at. */
class ProxyTunnelTest {
  private static final String ASK =
      "GET /v1/realtime?model=m HTTP/1.1\r\nHost: test\r\nConnection: keep-alive, Upgrade\r\n"
          + "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  private static final String SWITCH =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  @Test
  void upgrade_accepted_bytesPassBothWaysAndAreCountedAsOther() throws Exception {
    try (Echo origin = new Echo(SWITCH + "early");
        RunningAgent agent = Agents.passing(origin.port())) {
      try (RawHttp http = new RawHttp(agent.port())) {
        http.send(ASK);
        assertThat(http.read(true).header("sec-websocket-accept"))
            .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        http.readUntil("early");
        http.send("ping \u00ff\u0000");
        http.readUntil("ping ");
        assertThat(origin.heads).contains("Upgrade: websocket").contains("/v1/realtime?model=m");
        assertThat(gauge(agent)).isEqualTo(1);
      }
      Agents.await("the origin to be told", () -> origin.open.get() == 0);
      Agents.await("no passage left", () -> gauge(agent) == 0);
      assertThat(RawHttp.get(agent.adminPort(), "/metrics").text())
          .contains("plumbline_other_requests_total{code=\"1xx\"} 1.0");
    }
  }

  /** A connection that became a tunnel gives its place back when it ends. */
  @Test
  void upgrade_manyOneAfterAnother_useUpNoPlaces() throws Exception {
    try (ScriptedOrigin origin =
            new ScriptedOrigin(
                (request, out) -> {
                  out.write(SWITCH.getBytes(StandardCharsets.ISO_8859_1));
                  return false;
                });
        RunningAgent agent = Agents.passing(origin.port(), "client.connections=4")) {
      for (int i = 0; i < 12; i++) {
        try (RawHttp http = new RawHttp(agent.port())) {
          http.send(ASK);
          assertThat(http.read(true).status()).isEqualTo(101);
        }
        Agents.await("no passage left", () -> gauge(agent) == 0);
      }
    }
  }

  @Test
  void upgrade_originEnds_clientIsToldAfterTheLastByte() throws Exception {
    try (Echo origin = new Echo(SWITCH);
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send(ASK);
      http.read(true);
      http.send("last words Q");
      http.readUntil("last words Q");
      assertThat(http.atEnd()).isTrue();
      Agents.await("no passage left", () -> gauge(agent) == 0);
    }
  }

  @Test
  void upgrade_refused_isAnOrdinaryAnswer() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.sending("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno");
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send(ASK);
      RawHttp.Response answer = http.read(false);
      assertThat(answer.status()).isEqualTo(426);
      assertThat(answer.text()).isEqualTo("no");
      Agents.await("no passage left", () -> gauge(agent) == 0);
    }
  }

  @Test
  void upgrade_onAGeneration_isNoWayPastTheScore() throws Exception {
    String body = "{\"choices\":[{\"message\":{\"content\":\"evil\"}}]}";
    try (ScriptedOrigin origin =
            ScriptedOrigin.sending(
                "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging())) {
      RawHttp.post(
          agent.port(),
          "/v1/chat/completions",
          "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
          "Connection: Upgrade",
          "Upgrade: websocket");
      Agents.awaitVerdicts(agent, 1);
      assertThat(agent.ledger().latest(1).get(0).reading().score()).isPresent();
      assertThat(origin.requests.get(0).header("upgrade")).isEmpty();
    }
  }

  @Test
  void tunnel_silentOnBothSides_isClosed() throws Exception {
    try (Echo origin = new Echo(SWITCH);
        RunningAgent agent = Agents.passing(origin.port(), "origin.idle-timeout=200ms");
        RawHttp http = new RawHttp(agent.port())) {
      http.send(ASK);
      http.read(true);
      assertThat(http.atEnd()).isTrue();
      Agents.await("the origin to be told", () -> origin.open.get() == 0);
    }
  }

  @Test
  void tunnel_slowClient_backPressureReachesTheOrigin() throws Exception {
    long size = 200L << 20;
    try (Echo origin = new Echo(SWITCH, size);
        RunningAgent agent = Agents.passing(origin.port());
        RawHttp http = new RawHttp(agent.port())) {
      http.send(ASK);
      http.read(true);
      long before = -1;
      while (origin.flooded.get() != before) {
        before = origin.flooded.get();
        Thread.sleep(300);
      }
      assertThat(before).isLessThan(size / 2);
    }
  }

  @Test
  void agent_stops_tunnelsEnd() throws Exception {
    try (Echo origin = new Echo(SWITCH);
        RawHttp http = open(origin)) {
      assertThat(http.atEnd()).isTrue();
      Agents.await("the origin to be told", () -> origin.open.get() == 0);
    }
  }

  private static RawHttp open(Echo origin) throws IOException {
    try (RunningAgent agent = Agents.passing(origin.port(), "shutdown.deadline=300ms")) {
      RawHttp http = new RawHttp(agent.port());
      http.send(ASK);
      http.read(true);
      return http;
    }
  }

  private static double gauge(RunningAgent agent) {
    try {
      return RawHttp.get(agent.adminPort(), "/metrics")
          .text()
          .lines()
          .filter(line -> line.startsWith("plumbline_passages_open "))
          .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
          .sum();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends its head, then echoes until it hears a Q, or floods. */
  private static final class Echo implements AutoCloseable {
    final AtomicInteger open = new AtomicInteger();
    final AtomicLong flooded = new AtomicLong();
    volatile String heads = "";
    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    private final String head;
    private final long flood;

    Echo(String head) throws IOException {
      this(head, 0);
    }

    Echo(String head, long flood) throws IOException {
      this.head = head;
      this.flood = flood;
      Thread thread = new Thread(this::accept, "echo");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return server.getLocalPort();
    }

    private void accept() {
      try (Socket socket = server.accept()) {
        open.incrementAndGet();
        serve(socket.getInputStream(), socket.getOutputStream());
      } catch (IOException e) {
        // The other side left.
      } finally {
        open.decrementAndGet();
      }
    }

    private void serve(InputStream in, OutputStream out) throws IOException {
      while (!heads.endsWith("\r\n\r\n")) {
        heads += (char) in.read();
      }
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      byte[] piece = new byte[64 << 10];
      for (long sent = 0; sent < flood; sent += piece.length) {
        out.write(piece);
        flooded.addAndGet(piece.length);
      }
      for (int b = in.read(); b >= 0; b = in.read()) {
        out.write(b);
        if (b == 'Q') {
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
