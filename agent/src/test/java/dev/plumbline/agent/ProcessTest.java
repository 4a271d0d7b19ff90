package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process: the line others wait for, and SIGTERM in the middle of a stream. */
class ProcessTest {
  @Test
  void serve_sigterm_finishesTheStreamInFlight() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (ScriptedOrigin origin = twoPieces(goOn)) {
      Process agent = start("serve", "--json", "--origin", "http://127.0.0.1:" + origin.port());
      try (BufferedReader out = agent.inputReader()) {
        JsonNode line = new ObjectMapper().readTree(out.readLine());
        assertThat(line.path("ready").asBoolean()).isTrue();
        assertThat(RawHttp.get(line.path("adminPort").asInt(), "/health/ready").status())
            .isEqualTo(200);
        try (RawHttp http = new RawHttp(line.path("port").asInt())) {
          http.post("/v1/completions", "{\"model\":\"m\",\"prompt\":\"x\"}");
          http.readUntil("first");
          agent.destroy();
          Agents.await("no new connections", () -> refused(line.path("port").asInt()));
          goOn.countDown();
          http.readUntil("second");
        }
        assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
      } finally {
        agent.destroyForcibly();
      }
    }
  }

  @Test
  void serve_sighup_readsTheFileAgain(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("a.yaml"), "scoring.sample: 1\n");
    Process agent =
        start("serve", "--json", "--origin", "http://127.0.0.1:1", "--config", file.toString());
    try (BufferedReader out = agent.inputReader()) {
      JsonNode line = new ObjectMapper().readTree(out.readLine());
      Files.writeString(file, "scoring.sample: 0.5\n");
      Process signal = new ProcessBuilder("kill", "-HUP", "" + agent.pid()).start();
      assertThat(signal.waitFor()).isZero();
      Agents.await("the reload", () -> page(line).contains("{result=\"applied\"} 1.0"));
      assertThat(agent.isAlive()).isTrue();
    } finally {
      agent.destroyForcibly();
    }
  }

  private static String page(JsonNode line) {
    try {
      return RawHttp.get(line.path("adminPort").asInt(), "/metrics").text();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void serve_withoutEngine_endsWithItsStatus() throws Exception {
    Process agent = start("serve", "--organism", "--json", "--set", "mode=wrong");
    assertThat(agent.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(agent.exitValue()).isEqualTo(2);
  }

  private static ScriptedOrigin twoPieces(CountDownLatch goOn) throws IOException {
    return new ScriptedOrigin(
        (request, out) -> {
          send(out, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nfirst");
          goOn.await();
          send(out, "second");
          return false;
        });
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static Process start(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "dev.plumbline.agent.Main");
    builder.command().addAll(java.util.List.of(arguments));
    builder.environment().keySet().removeIf(name -> name.startsWith("PLUMBLINE_"));
    builder.environment().put("PLUMBLINE_PORT", "0");
    builder.environment().put("PLUMBLINE_ADMIN_PORT", "0");
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static boolean refused(int port) {
    try (RawHttp http = new RawHttp(port)) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
