package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules and dashboards have one home, dashboards/; the chart carries them unchanged. */
class SingleSourceTest {
  private static final Path HOME = Path.of("..", "dashboards");
  private static final int CONFIG_MAP_BYTES = 1 << 20;

  @Test
  void built_carriesEveryFileAndNoOther() throws IOException {
    assumeTrue(Files.isDirectory(HOME), "there is no dashboards/ in this source tree");
    for (String kind : List.of("rules", "alerts", "dashboards")) {
      assertThat(files(Chart.BUILT.resolve("files").resolve(kind)))
          .as(kind)
          .isEqualTo(files(HOME.resolve(kind)));
    }
  }

  @Test
  void prometheusRules_areTheFilesGroups() throws IOException {
    Manifests rendered = Chart.example("standalone");
    Map<String, String> files = files(Chart.BUILT.resolve("files/rules"));
    Map<String, String> alerts = files(Chart.BUILT.resolve("files/alerts"));
    assertThat(rendered.kind("PrometheusRule")).hasSize(files.size() + alerts.size());
    files.forEach((name, text) -> same(rendered, "rules", name, text));
    alerts.forEach((name, text) -> same(rendered, "alerts", name, text));
    assertThat(files).isNotEmpty();
  }

  /** A person who is woken has to get there from where he is. */
  @Test
  void alerts_leadToTheRunbookAndGrafanaThatAreNamed() {
    Manifests rendered =
        Chart.render(
            """
            prometheusRule:
              enabled: true
              runbookUrl: https://docs.example.org/plumbline/runbook.md
              grafanaUrl: https://grafana.example.org/
            """);
    JsonNode alerts = rendered.named("PrometheusRule", "release-plumbline-alerts-plumbline");
    assertThat(alerts.findValuesAsText("alert")).isNotEmpty();
    assertThat(alerts.findValuesAsText("runbook_url"))
        .hasSameSizeAs(alerts.findValuesAsText("alert"))
        .allMatch(url -> url.startsWith("https://docs.example.org/plumbline/runbook.md#plumb"));
    assertThat(alerts.findValuesAsText("dashboard_url"))
        .hasSameSizeAs(alerts.findValuesAsText("alert"))
        .allMatch(url -> url.startsWith("https://grafana.example.org/d/plumbline-"));
  }

  private static void same(Manifests rendered, String kind, String file, String text) {
    String name = "release-plumbline-" + kind + "-" + file.replace(".yaml", "").toLowerCase();
    JsonNode rule = rendered.named("PrometheusRule", name);
    assertThat(rule.path("spec")).isEqualTo(Manifests.read(text));
    assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
  }

  @Test
  void dashboards_areTheFilesBytes() throws IOException {
    Manifests rendered = Chart.example("standalone");
    Map<String, String> files = files(Chart.BUILT.resolve("files/dashboards"));
    assertThat(files).isNotEmpty();
    files.forEach(
        (file, text) -> {
          String name = file.replace(".json", "").toLowerCase();
          JsonNode map = rendered.named("ConfigMap", "release-plumbline-dashboard-" + name);
          assertThat(map.path("data").path(file).asText().strip()).isEqualTo(text.strip());
          assertThat(text.length()).isLessThan(CONFIG_MAP_BYTES);
          assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
        });
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().matches(".*\\.(yaml|json)")).toList()) {
          found.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return found;
  }
}
