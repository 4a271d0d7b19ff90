package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of every example. */
class ExamplesTest {
  @TempDir private Path dir;

  static List<Path> examples() {
    return Chart.examples();
  }

  @Test
  void examples_areThoseOfTheServersAndForms() {
    assertThat(examples())
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "fleet-values.yaml",
            "injection-values.yaml",
            "llama-cpp-values.yaml",
            "sglang-values.yaml",
            "standalone-values.yaml",
            "training-values.yaml",
            "triton-values.yaml",
            "vllm-values.yaml");
  }

  /** Lint takes no values: the example takes the place of the chart's own. */
  @ParameterizedTest
  @MethodSource("examples")
  void lint_strict_findsNothing(Path values) throws IOException {
    Path copy = dir.resolve("plumbline");
    Chart.copy(Chart.BUILT, copy);
    Path merged = copy.resolve("values.yaml");
    Files.writeString(merged, Overlay.of(merged, values));
    LintResult result = new Helm(copy).lint().strict().call();
    assertThat(result.getMessages()).noneMatch(line -> line.matches("(?i).*\\[(ERROR|WARNING)].*"));
    assertThat(result.isFailed()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void objects_haveNoFieldThatKubernetesDoesNotKnow(Path values) {
    for (JsonNode object : Chart.render(values).all()) {
      assertThat(StrictKubernetes.unknownFields(object)).as(object.toString()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void objects_haveNamesOfTheirOwnAndTheUsualLabels(Path values) {
    Set<String> seen = new HashSet<>();
    for (JsonNode object : Chart.render(values).all()) {
      String name = object.at("/metadata/name").asText();
      assertThat(name).matches("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
      assertThat(seen.add(object.path("kind").asText() + "/" + name)).as(name).isTrue();
      assertThat(object.at("/metadata/labels").path("app.kubernetes.io/instance").asText())
          .isEqualTo("release");
      assertThat(object.at("/metadata").path("namespace").isMissingNode()).isTrue();
    }
  }

  /** Each mount has its volume and each volume a mount. */
  @ParameterizedTest
  @MethodSource("examples")
  void pods_mountWhatTheyHave(Path values) {
    for (JsonNode pod : Chart.render(values).pods()) {
      Set<String> mounted = new TreeSet<>();
      Manifests.containers(pod)
          .flatMap(c -> Manifests.stream(c.path("volumeMounts")))
          .forEach(mount -> mounted.add(mount.path("name").asText()));
      List<String> volumes =
          Manifests.stream(pod.at("/spec/volumes")).map(v -> v.path("name").asText()).toList();
      assertThat(volumes).doesNotHaveDuplicates();
      assertThat(new TreeSet<>(volumes)).isEqualTo(mounted);
    }
  }

  /**
   * The pods of a model server are its own; every container of ours is as the restricted standard
   * wants it.
   */
  @ParameterizedTest
  @MethodSource("examples")
  void ourContainers_haveLeastRights(Path values) {
    for (JsonNode pod : Chart.render(values).pods()) {
      assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean(true)).isFalse();
      assertThat(pod.at("/spec/enableServiceLinks").asBoolean(true)).isFalse();
      for (String host : List.of("hostNetwork", "hostPID", "hostIPC")) {
        assertThat(pod.at("/spec/" + host).isMissingNode()).isTrue();
      }
      Manifests.containers(pod)
          .filter(c -> c.path("image").asText().contains("plumbline"))
          .forEach(ExamplesTest::requireLeastRights);
    }
  }

  private static void requireLeastRights(JsonNode container) {
    JsonNode security = container.path("securityContext");
    assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(security.path("runAsUser").asInt()).isEqualTo(65532);
    assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    assertThat(security.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(container.at("/resources/requests").isMissingNode()).isFalse();
    assertThat(Manifests.stream(container.path("volumeMounts")).map(m -> m.path("mountPath")))
        .as("a place to write")
        .anyMatch(path -> path.asText().equals("/tmp"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void settings_areOnesThatTheAgentTakes(Path values) throws IOException {
    Manifests rendered = Chart.render(values);
    assertThat(AgentSettings.load(rendered.config(), dir).effective())
        .extracting(each -> each.key())
        .containsAll(rendered.settings().keySet());
  }

  /** A selector that finds nothing is the silent failure of charts. */
  @ParameterizedTest
  @MethodSource("examples")
  void selectors_findThePodsAndPortsAreTheirs(Path values) {
    Manifests rendered = Chart.render(values);
    rendered.kind("Deployment").forEach(d -> finds(d.at("/spec/selector/matchLabels"), d));
    rendered
        .kind("Deployment")
        .forEach(
            deployment -> {
              rendered.kind("Service").forEach(s -> serves(s, deployment));
              rendered
                  .kind("PodMonitor")
                  .forEach(m -> finds(m.at("/spec/selector/matchLabels"), deployment));
              rendered
                  .kind("NetworkPolicy")
                  .forEach(p -> finds(p.at("/spec/podSelector/matchLabels"), deployment));
              rendered
                  .kind("PodDisruptionBudget")
                  .forEach(p -> finds(p.at("/spec/selector/matchLabels"), deployment));
              rendered
                  .kind("HorizontalPodAutoscaler")
                  .forEach(
                      h ->
                          assertThat(h.at("/spec/scaleTargetRef/name"))
                              .isEqualTo(deployment.at("/metadata/name")));
            });
  }

  private static void finds(JsonNode selector, JsonNode deployment) {
    assertThat(selector.isEmpty()).isFalse();
    selector
        .fields()
        .forEachRemaining(
            label ->
                assertThat(deployment.at("/spec/template/metadata/labels").get(label.getKey()))
                    .isEqualTo(label.getValue()));
  }

  private static void serves(JsonNode service, JsonNode deployment) {
    finds(service.at("/spec/selector"), deployment);
    Set<Integer> open = new HashSet<>();
    Manifests.containers(deployment.at("/spec/template"))
        .filter(c -> c.path("name").asText().equals("plumbline"))
        .flatMap(c -> Manifests.stream(c.path("ports")))
        .forEach(port -> open.add(port.path("containerPort").asInt()));
    Manifests.stream(service.at("/spec/ports"))
        .forEach(
            port -> {
              assertThat(port.path("targetPort").isInt()).isTrue();
              assertThat(port.path("protocol").asText()).isEqualTo("TCP");
              assertThat(open).contains(port.path("targetPort").asInt());
            });
  }

  @ParameterizedTest
  @MethodSource("examples")
  void policies_nameNumbersOnly(Path values) {
    Manifests rendered = Chart.render(values);
    rendered
        .kind("NetworkPolicy")
        .flatMap(policy -> policy.findValues("port").stream())
        .forEach(port -> assertThat(port.isInt()).isTrue());
  }
}
