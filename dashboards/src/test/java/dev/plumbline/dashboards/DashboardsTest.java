package dev.plumbline.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboards, by the rules of Grafana's own linter and a few of ours. */
class DashboardsTest {
  private static final Pattern RANGED = Pattern.compile("\\[([^\\]]*)\\]");
  private static final Pattern RATED =
      Pattern.compile("\\b(?:rate|increase)\\(\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)");
  private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)");
  private static final int CONFIG_MAP_BYTES = 1 << 20;

  @Test
  void files_areWhatTheGeneratorWrites() throws IOException {
    if (Boolean.getBoolean("plumbline.write")) {
      Generator.main(new String[] {Repository.DASHBOARDS.toString()});
    }
    Set<String> names = new TreeSet<>();
    Repository.files(Repository.DASHBOARDS).forEach(f -> names.add(f.getFileName().toString()));
    assertThat(names).isEqualTo(Generator.files().keySet());
    Generator.files()
        .forEach(
            (name, text) ->
                assertThat(Repository.DASHBOARDS.resolve(name)).content().isEqualTo(text));
  }

  @Test
  void dashboard_isProvisionedAsItIs() throws IOException {
    Set<String> uids = new HashSet<>();
    for (var file : Repository.dashboards().entrySet()) {
      JsonNode json = file.getValue();
      assertThat(uids.add(json.path("uid").asText())).isTrue();
      assertThat(json.has("id") || json.has("__inputs")).isFalse();
      assertThat(json.path("editable").asBoolean(true)).isFalse();
      assertThat(json.path("schemaVersion").asInt()).isBetween(39, 42);
      assertThat(json.path("title").asText()).startsWith("Plumbline");
      assertThat(json.path("description").asText()).isNotBlank();
      int bytes =
          Files.readString(Repository.DASHBOARDS.resolve(file.getKey()))
              .getBytes(StandardCharsets.UTF_8)
              .length;
      assertThat(bytes).isLessThan(CONFIG_MAP_BYTES / 2);
    }
  }

  @Test
  void variables_beginWithTheDataSourceAndFollowTheTime() {
    for (JsonNode json : Repository.dashboards().values()) {
      JsonNode list = json.at("/templating/list");
      assertThat(list.path(0).path("type").asText()).isEqualTo("datasource");
      Set<String> names = new HashSet<>();
      for (int i = 1; i < list.size(); i++) {
        assertThat(list.path(i).path("refresh").asInt()).isEqualTo(2);
        assertThat(list.path(i).at("/datasource/uid").asText()).isEqualTo("${datasource}");
        names.add(list.path(i).path("name").asText());
      }
      Set<String> used = new HashSet<>();
      queries(json)
          .forEach(query -> VARIABLE.matcher(query).results().forEach(m -> used.add(m.group(1))));
      used.removeIf(name -> name.startsWith("__"));
      // A linter wants job and instance everywhere; a job is the user's to name, so namespace it
      // is.
      assertThat(names).as(json.path("title").asText()).containsAll(used).contains("namespace");
    }
  }

  @Test
  void panels_sayWhatTheyShow() {
    for (JsonNode json : Repository.dashboards().values()) {
      Set<Integer> ids = new HashSet<>();
      json.path("panels").forEach(panel -> assertThat(ids.add(panel.path("id").asInt())).isTrue());
      for (JsonNode panel : Repository.panels(json)) {
        String title = panel.path("title").asText();
        assertThat(title).isNotBlank();
        assertThat(panel.path("description").asText()).as(title).isNotBlank().endsWith(".");
        assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title).isNotBlank();
        assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
        assertThat(panel.path("targets")).as(title).isNotEmpty();
      }
    }
  }

  @Test
  void panels_doNotOverlap() {
    for (JsonNode json : Repository.dashboards().values()) {
      List<JsonNode> placed = new ArrayList<>();
      for (JsonNode panel : json.path("panels")) {
        JsonNode at = panel.path("gridPos");
        assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
        assertThat(placed).noneMatch(other -> overlap(other, at));
        placed.add(at);
      }
    }
  }

  private static boolean overlap(JsonNode a, JsonNode b) {
    return meet(a, b, "x", "w") && meet(a, b, "y", "h");
  }

  private static boolean meet(JsonNode a, JsonNode b, String from, String size) {
    return a.path(from).asInt() < b.path(from).asInt() + b.path(size).asInt()
        && b.path(from).asInt() < a.path(from).asInt() + a.path(size).asInt();
  }

  @Test
  void queries_rateCountersByTheIntervalOfThePanel() {
    for (JsonNode json : Repository.dashboards().values()) {
      for (String query : queries(json)) {
        if (query.contains("changes(")) {
          continue;
        }
        RANGED
            .matcher(query)
            .results()
            .forEach(m -> assertThat(m.group(1)).as(query).isEqualTo("$__rate_interval"));
        Set<String> rated = new HashSet<>();
        Matcher found = RATED.matcher(query);
        while (found.find()) {
          rated.add(found.group(1));
        }
        for (String name : Metrics.in(query)) {
          boolean counter = name.endsWith("_total") && !name.contains("baseline");
          assertThat(rated.contains(name))
              .as(name + " in " + query)
              .isEqualTo(counter || rated.contains(name));
        }
        assertThat(rated)
            .as(query)
            .allMatch(name -> name.matches(".*(_total|_bucket|_sum|_count)"));
      }
    }
  }

  private static List<String> queries(JsonNode dashboard) {
    List<String> all = new ArrayList<>();
    Repository.panels(dashboard)
        .forEach(panel -> panel.path("targets").forEach(t -> all.add(t.path("expr").asText())));
    dashboard.at("/annotations/list").forEach(each -> all.add(each.at("/target/expr").asText()));
    return all;
  }
}
