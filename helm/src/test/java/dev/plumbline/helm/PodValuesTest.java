package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values with which {@code helm/image/build-and-run} runs the chart's pods. */
class PodValuesTest {
  private static final Path VALUES = Path.of("image", "values");

  @TempDir private Path dir;

  static List<Path> values() throws IOException {
    try (Stream<Path> files = Files.list(VALUES)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  void render_isWhatKubernetesAndTheAgentTake(Path values) throws IOException {
    Manifests rendered = Chart.render(values);
    for (JsonNode object : rendered.all()) {
      assertThat(StrictKubernetes.unknownFields(object)).as(object.toString()).isEmpty();
    }
    assertThat(AgentSettings.load(rendered.config(), dir).effective()).isNotEmpty();
  }

  @Test
  void pods_areRunByTheScript() throws IOException {
    String script = Files.readString(Path.of("image/build-and-run"));
    for (Path values : values()) {
      String name = values.getFileName().toString().replace(".yaml", "");
      assertThat(script).contains("render " + name + " " + name);
    }
    assertThat(Path.of("image/build-and-run")).isExecutable();
    assertThat(Path.of("image/pod")).isExecutable();
  }

  /** Users, modes and probes are the chart's own: values that relax them would show nothing. */
  @ParameterizedTest
  @MethodSource("values")
  void securityOfTheAgent_isTheDefault(Path values) throws IOException {
    JsonNode given = Manifests.read(Files.readString(values));
    assertThat(given.path("agent").has("securityContext")).isFalse();
    assertThat(given.path("pod").has("securityContext")).isFalse();
    assertThat(given.path("agent").has("readinessProbe")).isFalse();
  }
}
