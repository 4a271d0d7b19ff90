package dev.plumbline.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.metrics.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A panel or a rule of a metric that nobody exports shows nothing, for ever, and says nothing. */
class MetricsUsedTest {
  @Test
  void queries_askOnlyForWhatThereIs() {
    Set<String> known = new TreeSet<>(Metrics.ofTheAgent());
    known.addAll(Metrics.OTHERS);
    known.addAll(Metrics.recorded());
    for (String query : queries()) {
      assertThat(Metrics.in(query)).as(query).isNotEmpty().isSubsetOf(known);
    }
  }

  @Test
  void othersAndRecorded_areUsed() {
    Set<String> used = new TreeSet<>();
    queries().forEach(query -> used.addAll(Metrics.in(query)));
    assertThat(used).containsAll(Metrics.OTHERS).containsAll(Metrics.recorded());
  }

  @Test
  void names_areFoundInAQuery() {
    assertThat(
            Metrics.in(
                "sum by (a, b) (rate(x_total{c=~\"d|e\"}[5m])) / on (f) group_left () max(y:z offset 1d) > 3"))
        .containsExactly("x_total", "y:z");
    assertThat(Metrics.ofTheAgent())
        .contains("plumbline_score_bucket", "plumbline_exchanges_total", "plumbline_ready")
        .hasSizeGreaterThan(Meter.values().length);
  }

  static List<String> queries() {
    List<String> all = new ArrayList<>();
    Repository.rules(Repository.RULES).forEach(rule -> all.add(rule.path("expr").asText()));
    Repository.rules(Repository.ALERTS).forEach(rule -> all.add(rule.path("expr").asText()));
    for (JsonNode dashboard : Repository.dashboards().values()) {
      for (JsonNode panel : Repository.panels(dashboard)) {
        panel.path("targets").forEach(target -> all.add(target.path("expr").asText()));
      }
      dashboard.at("/annotations/list").forEach(each -> all.add(each.at("/target/expr").asText()));
    }
    return all;
  }
}
