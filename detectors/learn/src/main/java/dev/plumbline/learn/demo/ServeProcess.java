package dev.plumbline.learn.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code plumbline serve --organism} in a process of its own, started from this class path. */
final class ServeProcess implements AutoCloseable {
  private static final String MAIN = "dev.plumbline.agent.Main";
  private static final int STOP_SECONDS = 15;

  private final Process process;
  private final int port;
  private final int adminPort;

  private ServeProcess(Process process, JsonNode ready) {
    this.process = process;
    this.port = ready.get("port").asInt();
    this.adminPort = ready.get("adminPort").asInt();
  }

  /** Starts it and waits until it is ready; port 0 is any free one. */
  static ServeProcess start(int port, int adminPort) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xmx1g", "-XX:MaxDirectMemorySize=512m", "-Dai.djl.offline=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, "serve"));
    command.addAll(List.of("--organism", "--json"));
    command.addAll(List.of("--port", "" + port, "--admin-port", "" + adminPort));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return new ServeProcess(process, ready(process));
    } catch (IOException e) {
      throw new UncheckedIOException("the agent could not be started", e);
    }
  }

  private static JsonNode ready(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("{")) {
        return new ObjectMapper().readTree(line);
      }
    }
    throw new IllegalStateException(
        "serve --organism: wanted a line that says it is ready, found its end; see the log above");
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  URI adminUri(String path) {
    return URI.create("http://127.0.0.1:" + adminPort + path);
  }

  /** Waits for its end. */
  void await() throws InterruptedException {
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
