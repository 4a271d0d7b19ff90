package dev.plumbline.agent.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An agent in a process of its own with one event loop: what one worker of nginx is to be held
 * against.
 */
final class AgentProcess implements AutoCloseable {
  private static final String MAIN = "dev.plumbline.agent.Main";
  private static final int STOP_SECONDS = 15;

  private final Process process;
  private final int port;
  private final int adminPort;

  private AgentProcess(Process process, JsonNode ready) {
    this.process = process;
    this.port = ready.get("port").asInt();
    this.adminPort = ready.get("adminPort").asInt();
  }

  /** Starts {@code serve} with these flags before an origin, and waits until it is ready. */
  static AgentProcess start(int originPort, List<String> flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-XX:ActiveProcessorCount=1", "-Xmx512m", "-Dai.djl.offline=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, "serve", "--json"));
    command.addAll(List.of("--port", "0", "--admin-port", "0"));
    command.addAll(List.of("--origin", "http://127.0.0.1:" + originPort));
    command.addAll(flags);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("{")) {
        return new AgentProcess(process, new ObjectMapper().readTree(line));
      }
    }
    throw new IOException("the agent: wanted a line that says it is ready, found its end");
  }

  Contender as(String name) {
    return new Contender(name, port, Optional.of(stat()));
  }

  ProcessStat stat() {
    return new ProcessStat(process.pid());
  }

  int adminPort() {
    return adminPort;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
