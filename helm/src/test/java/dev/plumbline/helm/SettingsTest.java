package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.config.Change;
import dev.plumbline.agent.config.Key;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's settings in the chart. */
class SettingsTest {
  private static final Path LIVE = Chart.SOURCE.resolve("files/live-settings.txt");

  /** Free names in the middle: what stands between is the model's name. */
  private static final List<String> LIVE_FAMILIES = List.of("models\\..+\\.(mode|fail|sample)");

  @TempDir private Path dir;

  @Test
  void liveSettings_areThoseTheAgentTakesUpRunning() throws Exception {
    TreeSet<String> wanted = new TreeSet<>(LIVE_FAMILIES);
    Arrays.stream(Key.values())
        .filter(key -> key.change() == Change.LIVE)
        .forEach(key -> wanted.add(key.key().replace(".", "\\.")));
    String text = String.join("\n", wanted) + "\n";
    Generated.same(LIVE, text);
    Manifests rendered =
        Chart.render(
            "agent: {settings: {models: {org/m: {mode: annotate, fail: open, sample: 1}}}}");
    assertThat(AgentSettings.load(rendered.config(), dir).effective())
        .filteredOn(setting -> setting.key().startsWith("models."))
        .hasSize(3)
        .allMatch(setting -> setting.change() == Change.LIVE);
  }

  @Test
  void liveSetting_needsNoNewPods_othersDo() {
    String plain = checksum("agent: {settings: {mode: observe}}");
    assertThat(checksum("agent: {settings: {mode: annotate, models: {a: {mode: ablate}}}}"))
        .isEqualTo(plain);
    assertThat(checksum("agent: {settings: {mode: observe, scoring: {queue: 9}}}"))
        .isNotEqualTo(plain);
    assertThat(checksum("{agent: {settings: {mode: observe}}, direction: {secret: {name: d}}}"))
        .isNotEqualTo(plain);
  }

  @Test
  void followConfigOff_everySettingNeedsNewPods() {
    assertThat(checksum("agent: {followConfig: false, settings: {mode: annotate}}"))
        .isNotEqualTo(checksum("agent: {followConfig: false, settings: {mode: observe}}"));
  }

  private static String checksum(String values) {
    String more = values.startsWith("{") ? values.substring(1, values.length() - 1) : values;
    return Chart.render("{modelServer: {enabled: true, image: m}, " + more + "}")
        .one("Deployment")
        .at("/spec/template/metadata/annotations")
        .path("plumbline.dev/settings")
        .asText();
  }

  /** A template prints the first as 2.68435456e+08. */
  @Test
  void numbersAndTexts_comeThroughAsTheyAre() {
    Manifests rendered =
        Chart.render(
            """
            agent:
              settings:
                limits.observed-bytes: 268435456
                scoring: {sample: 0.000001}
                refusal.text: "no: \\"{{ x }}\\" # é\\n- y"
                mode: "annotate"
            """);
    assertThat(rendered.settings())
        .containsEntry("limits.observed-bytes", "268435456")
        .containsEntry("refusal.text", "no: \"{{ x }}\" # é\n- y")
        .containsEntry("mode", "annotate");
    assertThat(Double.parseDouble(rendered.settings().get("scoring.sample"))).isEqualTo(1e-6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent: {settings: {port: 1}}",
        "agent: {settings: {admin: {host: x}}}",
        "agent: {settings: {origin.url: 'http://x'}}",
        "{direction: {secret: {name: s}}, agent: {settings: {direction: /x}}}"
      })
  void settingOfTheChartsOwn_isRefused(String values) {
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining("wanted it left out");
  }

  @Test
  void twiceAndLists_areRefused() {
    assertThatThrownBy(() -> Chart.render("agent: {settings: {a.b: 1, a: {b: 2}}}"))
        .hasMessageContaining("nested and dotted");
    assertThatThrownBy(() -> Chart.render("agent: {settings: {a: [1]}}"))
        .hasMessageContaining("a list");
  }

  /** The files that settings name are where the container has them. */
  @Test
  void paths_lieUnderMountsOfTheContainer() {
    for (Path example : Chart.examples()) {
      Manifests rendered = Chart.render(example);
      if (rendered.kind("Deployment").findAny().isEmpty()) {
        continue;
      }
      List<String> mounts =
          Manifests.stream(rendered.container("plumbline").path("volumeMounts"))
              .map(mount -> mount.path("mountPath").asText())
              .toList();
      rendered
          .settings()
          .forEach(
              (key, value) -> {
                if (value.startsWith("/") && !key.matches(".*(served|health-path).*")) {
                  assertThat(mounts)
                      .as("%s: %s in %s", key, value, example)
                      .anyMatch(mount -> value.equals(mount) || value.startsWith(mount + "/"));
                }
              });
    }
  }

  @Test
  void agentFile_isWhatTheContainerReads() throws Exception {
    Manifests rendered = Chart.example("vllm");
    assertThat(rendered.container("plumbline").path("args").toString())
        .isEqualTo("[\"serve\",\"--config\",\"/etc/plumbline/agent.yaml\"]");
    assertThat(rendered.one("ConfigMap").path("data").has("agent.yaml")).isTrue();
    assertThat(Files.exists(LIVE)).isTrue();
  }
}
