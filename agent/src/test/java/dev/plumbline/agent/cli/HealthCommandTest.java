package dev.plumbline.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HealthCommandTest {
  private final StringWriter out = new StringWriter();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private int readyAt = 1;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/health/ready",
        exchange -> {
          int status = asked.incrementAndGet() >= readyAt ? 200 : 503;
          byte[] body = ("status " + status).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void ready_isDone() {
    assertThat(health()).isZero();
    assertThat(out.toString()).contains("status 200");
  }

  @Test
  void notReady_isAFailureAtOnce_unlessItMayWait() {
    readyAt = 2;
    assertThat(health()).isEqualTo(1);
    readyAt = 4;
    assertThat(health("--wait", "60")).isZero();
    assertThat(asked).hasValue(4);
  }

  @Test
  void nobody_isAFailure() {
    stop();
    assertThat(health()).isEqualTo(1);
  }

  private int health(String... more) {
    String admin = "http://127.0.0.1:" + server.getAddress().getPort();
    CommandLine command = PlumblineCommand.create(config -> null, Map.of());
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
    String[] arguments = new String[3 + more.length];
    arguments[0] = "health";
    arguments[1] = "--admin";
    arguments[2] = admin;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return command.execute(arguments);
  }
}
