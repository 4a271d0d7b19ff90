package dev.plumbline.agent.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sums of an agent's own counters, from its admin port. */
final class AdminFigures {
  private static final int REMEMBERED = 1000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final String admin;

  AdminFigures(int adminPort) {
    this.admin = "http://127.0.0.1:" + adminPort;
  }

  /** Of the last exchanges, as far as the agent remembers. */
  VerdictLag verdictLag(long last) throws IOException {
    String page = get("/api/exchanges?limit=" + Math.min(last, REMEMBERED));
    return VerdictLag.of(new ObjectMapper().readTree(page));
  }

  /** The sum over all series of a family whose labels contain a text. */
  double sum(String family, String labels) throws IOException {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith(family + "{") || line.startsWith(family + " "))
        .filter(line -> line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String get(String path) throws IOException {
    try {
      HttpRequest get =
          HttpRequest.newBuilder(URI.create(admin + path)).timeout(Duration.ofSeconds(10)).build();
      return client.send(get, HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
