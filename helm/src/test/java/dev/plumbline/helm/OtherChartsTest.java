package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sidecar in the pods of other charts: by the named templates, and by the policy. */
class OtherChartsTest {
  @TempDir private Path dir;

  @Test
  void namedTemplates_putTheSameAgentIntoAnotherChartsPod() throws IOException {
    Path parent = dir.resolve("parent");
    Chart.copy(Chart.BUILT, parent.resolve("charts/plumbline"));
    Chart.copy(Path.of("src/test/resources/parent"), parent);
    Manifests rendered = Manifests.parse(Chart.command(parent).call());
    JsonNode pod = rendered.one("Deployment").at("/spec/template");
    assertThat(pod.at("/spec/initContainers/0/name").asText())
        .isEqualTo("plumbline-fetch-direction");
    assertThat(rendered.container("plumbline").path("restartPolicy").asText()).isEqualTo("Always");
    assertThat(rendered.container("plumbline").path("image").asText())
        .isEqualTo("plumbline:0.1.0-SNAPSHOT");
    assertThat(rendered.settings()).containsEntry("origin.url", "http://127.0.0.1:9999");
    String map = rendered.one("ConfigMap").at("/metadata/name").asText();
    assertThat(pod.at("/spec/volumes").findValuesAsText("name")).contains(map);
    JsonNode wanted = rendered.one("PodMonitor").at("/spec/selector/matchLabels");
    wanted
        .fields()
        .forEachRemaining(
            label ->
                assertThat(pod.at("/metadata/labels").get(label.getKey()))
                    .isEqualTo(label.getValue()));
    assertThat(pod.at("/metadata/annotations").has("plumbline.dev/settings")).isTrue();
    assertThat(StrictKubernetes.unknownFields(rendered.one("Deployment"))).isEmpty();
  }

  @Test
  void policy_addsTheAgentFirst_onlyToLabelledPodsOfTheNamespace() {
    Manifests rendered = Chart.example("injection");
    JsonNode policy = rendered.one("MutatingAdmissionPolicy");
    assertThat(policy.at("/spec/failurePolicy").asText()).isEqualTo("Fail");
    JsonNode where = policy.at("/spec/matchConstraints");
    assertThat(where.at("/objectSelector/matchLabels").toString())
        .isEqualTo("{\"plumbline.dev/watch\":\"true\"}");
    assertThat(where.at("/namespaceSelector/matchLabels").toString())
        .isEqualTo("{\"kubernetes.io/metadata.name\":\"models\"}");
    JsonNode binding = rendered.one("MutatingAdmissionPolicyBinding");
    assertThat(binding.at("/spec/policyName")).isEqualTo(policy.at("/metadata/name"));
  }

  /** Init containers are put first one by one, so the last to be put there starts first. */
  @Test
  void policy_expressionHasFetchersBeforeTheAgent() {
    String cel = expression();
    assertThat(cel).contains("restartPolicy: \"Always\"").doesNotContain("<no value>");
    assertThat(cel.indexOf("name: \"plumbline-fetch-direction\""))
        .as("put there after the agent, thus before it")
        .isGreaterThan(cel.indexOf("restartPolicy: \"Always\""));
    assertThat(cel).contains("\"/artefacts/direction/content\"").contains("sizeLimit: \"2Gi\"");
  }

  /** Brackets outside of texts pair up, and every operator has two sides. */
  @Test
  void policy_expressionIsWellFormed() {
    String bare = expression().replaceAll("\"(\\\\.|[^\"\\\\])*\"", "s");
    StringBuilder open = new StringBuilder();
    for (char c : bare.toCharArray()) {
      if ("([{".indexOf(c) >= 0) {
        open.append(")]}".charAt("([{".indexOf(c)));
      } else if (")]}".indexOf(c) >= 0) {
        assertThat(open).isNotEmpty();
        assertThat(open.charAt(open.length() - 1)).isEqualTo(c);
        open.setLength(open.length() - 1);
      }
    }
    assertThat(open).isEmpty();
    assertThat(bare).doesNotContain(": ,").doesNotContain(", }").doesNotContain(": }");
  }

  private static String expression() {
    return Chart.example("injection")
        .one("MutatingAdmissionPolicy")
        .at("/spec/mutations/0/jsonPatch/expression")
        .asText();
  }

  @Test
  void parentChart_isAsTheTemplatesCommentSays() throws IOException {
    String parent = Files.readString(Path.of("src/test/resources/parent/templates/pod.yaml"));
    String comment = Files.readString(Chart.SOURCE.resolve("templates/_sidecar.tpl"));
    for (String line : parent.lines().filter(l -> l.contains("include")).toList()) {
      assertThat(comment).contains(line.strip());
    }
  }
}
