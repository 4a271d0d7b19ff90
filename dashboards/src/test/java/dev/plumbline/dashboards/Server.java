package dev.plumbline.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real agent, a process of its own. */
final class Server implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Process process;
  private final int port;
  private final int adminPort;

  private Server(Process process, int port, int adminPort) {
    this.process = process;
    this.port = port;
    this.adminPort = adminPort;
  }

  /** Starts one that serves or reads with the organism, and waits until it is ready. */
  static Server start(String... settings) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.plumbline.agent.Main",
                "serve",
                "--organism",
                "--json"));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PLUMBLINE_"));
    builder.environment().put("PLUMBLINE_PORT", "0");
    builder.environment().put("PLUMBLINE_ADMIN_PORT", "0");
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    if (line == null) {
      throw new AssertionError("wanted an agent with " + List.of(settings) + ", found none");
    }
    JsonNode ready = new ObjectMapper().readTree(line);
    return new Server(process, ready.path("port").asInt(), ready.path("adminPort").asInt());
  }

  int port() {
    return port;
  }

  int adminPort() {
    return adminPort;
  }

  /** Asks a model something, in a mode; the status is the caller's to judge. */
  void chat(String model, String prompt, String mode, boolean stream, int tokens)
      throws IOException, InterruptedException {
    String body =
        "{\"model\":\"%s\",\"stream\":%s,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(model, stream, tokens, prompt);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .header("content-type", "application/json")
            .header("plumbline-mode", mode)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** The scrape page. */
  String page() throws IOException, InterruptedException {
    return get(adminPort, "/metrics");
  }

  static String get(int port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
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
