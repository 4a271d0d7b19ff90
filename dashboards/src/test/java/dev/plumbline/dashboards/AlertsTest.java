package dev.plumbline.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each alert says what it is, what to do, and is tested. */
class AlertsTest {
  private static final List<JsonNode> ALERTS = Repository.rules(Repository.ALERTS);

  @Test
  void alert_hasWhatAPersonNeeds() {
    Set<String> uids = new HashSet<>();
    Generator.all().forEach(dashboard -> uids.add(dashboard.uid()));
    for (JsonNode alert : ALERTS) {
      String name = alert.path("alert").asText();
      JsonNode notes = alert.path("annotations");
      assertThat(name).matches("Plumbline[A-Z][A-Za-z]+");
      assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning");
      assertThat(alert.path("for").asText()).as(name).isNotBlank();
      assertThat(notes.path("summary").asText()).as(name).isNotBlank().doesNotContain("{{");
      assertThat(notes.path("description").asText()).as(name).isNotBlank();
      assertThat(notes.path("runbook_url").asText()).isEqualTo("runbook.md#" + name.toLowerCase());
      assertThat(uids).contains(notes.path("dashboard_url").asText().replaceAll("/d/|\\?.*", ""));
    }
  }

  @Test
  void alert_hasItsHeadingInTheRunbook() {
    List<String> headings =
        Arrays.stream(Repository.text(Repository.RUNBOOK).split("\n"))
            .filter(line -> line.startsWith("## Plumbline"))
            .map(line -> line.substring(3))
            .toList();
    assertThat(headings).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(headings)).isEqualTo(names());
  }

  @Test
  void runbook_saysMeaningChecksAndWhatToDo() {
    String[] parts = Repository.text(Repository.RUNBOOK).split("\n## ");
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].startsWith("Plumbline")) {
        assertThat(parts[i]).contains("**Means.**").contains("**Check.**").contains("**Do.**");
      }
    }
  }

  @Test
  void alert_isTestedQuietAndFiring() {
    Set<String> quiet = new TreeSet<>();
    Set<String> firing = new TreeSet<>();
    for (JsonNode file : Repository.yaml(Repository.TESTS)) {
      for (JsonNode test : file.path("tests")) {
        for (JsonNode at : test.path("alert_rule_test")) {
          (at.path("exp_alerts").isEmpty() ? quiet : firing).add(at.path("alertname").asText());
        }
      }
    }
    assertThat(quiet).isEqualTo(names());
    assertThat(firing).isEqualTo(names());
  }

  @Test
  void tests_evaluateRulesBeforeAlerts() {
    Set<String> groups =
        Repository.yaml(Repository.RULES).stream()
            .flatMap(file -> file.path("groups").findValuesAsText("name").stream())
            .collect(Collectors.toSet());
    for (JsonNode file : Repository.yaml(Repository.TESTS)) {
      JsonNode order = file.path("group_eval_order");
      for (int i = 0; i < groups.size(); i++) {
        assertThat(groups).contains(order.path(i).asText());
      }
    }
  }

  private static Set<String> names() {
    return ALERTS.stream()
        .map(alert -> alert.path("alert").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
