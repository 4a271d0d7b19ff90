package dev.plumbline.agent.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sums of an agent's own counters, from its admin port. */
final class AdminFigures {
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI metrics;

  AdminFigures(int adminPort) {
    this.metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
  }

  /** The sum over all series of a family whose labels contain a text. */
  double sum(String family, String labels) throws IOException {
    try {
      HttpRequest get = HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(10)).build();
      return client
          .send(get, HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(family + "{") || line.startsWith(family + " "))
          .filter(line -> line.contains(labels))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
