package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a chart rendered to.
 *
 * @param all each object, as it was written
 */
record Manifests(List<JsonNode> all) {
  /** A key twice in one map is an error, which Kubernetes would not tell. */
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  static Manifests parse(String text) {
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(text)) {
      return new Manifests(all.readAll().stream().filter(JsonNode::isObject).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage() + "\n" + text, e);
    }
  }

  Stream<JsonNode> kind(String kind) {
    return all.stream().filter(each -> each.path("kind").asText().equals(kind));
  }

  /** The only one of a kind. */
  JsonNode one(String kind) {
    List<JsonNode> found = kind(kind).toList();
    assertThat(found).as(kind).hasSize(1);
    return found.get(0);
  }

  JsonNode named(String kind, String name) {
    return kind(kind)
        .filter(each -> each.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  /** The settings the agent would read. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    read(config()).fields().forEachRemaining(s -> settings.put(s.getKey(), s.getValue().asText()));
    return settings;
  }

  /** The agent's file. */
  String config() {
    return kind("ConfigMap")
        .map(map -> map.at("/data/agent.yaml").asText())
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElseThrow();
  }

  static JsonNode read(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each pod that something here would make: its labels are beside its specification. */
  List<JsonNode> pods() {
    return Stream.of(
            kind("Deployment").map(d -> d.at("/spec/template")),
            kind("Job").map(d -> d.at("/spec/template")),
            kind("CronJob").map(d -> d.at("/spec/jobTemplate/spec/template")),
            kind("Pod"))
        .flatMap(each -> each)
        .toList();
  }

  static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  static Stream<JsonNode> containers(JsonNode pod) {
    return Stream.concat(
        stream(pod.at("/spec/initContainers")), stream(pod.at("/spec/containers")));
  }

  /** The container of a name in the only Deployment. */
  JsonNode container(String name) {
    return containers(one("Deployment").at("/spec/template"))
        .filter(each -> each.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no container " + name));
  }
}
