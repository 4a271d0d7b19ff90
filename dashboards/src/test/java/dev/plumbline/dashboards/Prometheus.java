package dev.plumbline.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real Prometheus that scrapes each second, with this module's rules and alerts. */
final class Prometheus implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final int port;

  private Prometheus(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static Prometheus start(Tool program, Path folder, int... targets)
      throws IOException, InterruptedException {
    int port = freePort();
    String files =
        Stream.of(Repository.RULES, Repository.ALERTS)
            .map(path -> "\n  - " + path.toAbsolutePath() + "/*.yaml")
            .collect(Collectors.joining());
    String hosts =
        java.util.Arrays.stream(targets)
            .mapToObj(target -> "'127.0.0.1:" + target + "'")
            .collect(Collectors.joining(", "));
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yaml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files:%s
            scrape_configs:
              - job_name: agents
                static_configs:
                  - targets: [%s]
                    labels: {namespace: demo}
            """
                .formatted(files, hosts));
    Process process =
        new ProcessBuilder(
                program.program().toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port,
                "--enable-feature=exemplar-storage")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    Prometheus started = new Prometheus(process, port);
    started.awaitReady();
    return started;
  }

  private void awaitReady() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < end) {
      try {
        if (Server.get(port, "/-/ready").contains("Ready")) {
          return;
        }
      } catch (IOException e) {
        // Not yet.
      }
      Thread.sleep(100);
    }
    throw new AssertionError("Prometheus did not become ready in a minute");
  }

  /** The values now; an error is a mistake in the query. */
  JsonNode query(String expression) throws IOException, InterruptedException {
    JsonNode answer = api("query?query=" + encoded(expression));
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(expression + "\n" + answer.path("error").asText());
    }
    return answer.at("/data/result");
  }

  /** Anything else of its interface, version 1. */
  JsonNode api(String path) throws IOException, InterruptedException {
    return JSON.readTree(Server.get(port, "/api/v1/" + path));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
