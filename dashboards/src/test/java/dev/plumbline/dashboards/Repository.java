package dev.plumbline.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files of this module, as they are committed. */
final class Repository {
  static final Path DASHBOARDS = Path.of("dashboards");
  static final Path RULES = Path.of("rules");
  static final Path ALERTS = Path.of("alerts");
  static final Path TESTS = Path.of("tests");
  static final Path RUNBOOK = Path.of("runbook.md");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Repository() {}

  static List<Path> files(Path folder) {
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, JsonNode> dashboards() {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    files(DASHBOARDS).forEach(file -> found.put(file.getFileName().toString(), read(JSON, file)));
    return found;
  }

  /** Every rule of a folder's files. */
  static List<JsonNode> rules(Path folder) {
    List<JsonNode> rules = new ArrayList<>();
    for (Path file : files(folder)) {
      read(YAML, file).path("groups").forEach(group -> group.path("rules").forEach(rules::add));
    }
    return rules;
  }

  static List<JsonNode> yaml(Path folder) {
    return files(folder).stream().map(file -> read(YAML, file)).toList();
  }

  /** Panels that ask something. */
  static List<JsonNode> panels(JsonNode dashboard) {
    List<JsonNode> panels = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      if (!panel.path("type").asText().equals("row")) {
        panels.add(panel);
      }
    }
    return panels;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(ObjectMapper mapper, Path file) {
    try {
      return mapper.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
