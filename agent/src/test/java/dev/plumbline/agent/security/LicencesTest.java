package dev.plumbline.agent.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What ships with the agent, by the bill of materials that the profile {@code sbom} writes to
 * {@code target/bom.json} (CycloneDX), and under which licences: each one of a list, or the build
 * fails.
 */
class LicencesTest {
  private static final Path BOM = Path.of("target", "bom.json");

  private static final Set<String> ALLOWED =
      Set.of(
          "Apache-2.0",
          "MIT",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "CC0-1.0",
          "EPL-1.0",
          "EPL-2.0",
          "Go License");

  /** What a POM does not say, and its project does. */
  private static final Map<String, String> KNOWN =
      Map.of(
          "com.hubspot.jinjava:jinjava", "Apache-2.0",
          "com.hubspot.immutables:immutables-exceptions", "Apache-2.0");

  /** Under another licence, and why that is accepted. */
  private static final Map<String, String> ACCEPTED =
      Map.of(
          "com.google.code.findbugs:annotations",
          "LGPL; annotations that nobody loads when the agent runs, unchanged, in a jar of its own");

  private static JsonNode bom;

  @BeforeAll
  static void read() throws IOException {
    assumeTrue(
        Files.exists(BOM),
        "no target/bom.json: run online with -Psbom; .ci/run looks that licences.txt was written");
    bom = new ObjectMapper().readTree(BOM.toFile());
  }

  @Test
  void licences_areOfTheList() throws IOException {
    Map<String, String> report = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    for (JsonNode component : others()) {
      String name = component.path("group").asText() + ":" + component.path("name").asText();
      List<String> licences = licences(component, name);
      report.put(name + ":" + component.path("version").asText(), String.join(" or ", licences));
      if (licences.stream().noneMatch(ALLOWED::contains) && !ACCEPTED.containsKey(name)) {
        unknown.add(name + " " + licences);
      }
    }
    Files.writeString(
        BOM.resolveSibling("licences.txt"),
        String.join(
                "\n",
                report.entrySet().stream().map(e -> e.getKey() + "  " + e.getValue()).toList())
            + "\n");
    assertThat(unknown).as("components under a licence that is not on the list").isEmpty();
    assertThat(report).hasSizeGreaterThan(50);
  }

  /** All but the modules of this project. */
  private static List<JsonNode> others() {
    List<JsonNode> others = new ArrayList<>();
    for (JsonNode component : bom.path("components")) {
      if (!component.path("group").asText().equals("dev.plumbline")) {
        others.add(component);
      }
    }
    return others;
  }

  private static List<String> licences(JsonNode component, String name) {
    if (KNOWN.containsKey(name)) {
      return List.of(KNOWN.get(name));
    }
    List<String> found = new ArrayList<>();
    for (JsonNode each : component.path("licenses")) {
      JsonNode licence = each.path("license");
      found.add(licence.path("id").asText(licence.path("name").asText("none")));
      if (each.has("expression")) {
        found.add(each.path("expression").asText());
      }
    }
    return found;
  }

  @Test
  void components_haveDigestsAndVersions() {
    for (JsonNode component : others()) {
      assertThat(component.path("version").asText()).isNotEmpty();
      assertThat(component.path("hashes")).as(component.path("name").asText()).isNotEmpty();
    }
  }
}
