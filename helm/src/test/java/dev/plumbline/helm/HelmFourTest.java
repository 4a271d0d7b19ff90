package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same with Helm's second major version, as a program: lint strictly, and render to the same
 * objects.
 */
class HelmFourTest {
  private static final String HELM = System.getProperty("plumbline.helm4", "");
  private static final int SECONDS = 60;

  @TempDir private Path dir;

  @BeforeAll
  static void helm() {
    boolean required = Boolean.getBoolean("plumbline.require");
    assumeTrue(
        required || !HELM.isEmpty(), "needs -Dplumbline.helm4=PATH, a Helm 4; .ci/run fetches one");
    assertThat(HELM)
        .as(
            "wanted -Dplumbline.helm4=PATH, a Helm 4 to run, since plumbline.require is true; found none;"
                + " name one as .ci/run does, or leave plumbline.require out")
        .isNotEmpty();
    assertThat(Path.of(HELM))
        .as(
            "wanted a Helm 4 in -Dplumbline.helm4, found %s, which cannot be run; name another",
            HELM)
        .isExecutable();
  }

  @Test
  void version_isTheSecondMajor() throws Exception {
    assertThat(run("version", "--short")).startsWith("v4.");
  }

  @Test
  void lint_strict_passesForEveryExample() throws Exception {
    for (Path example : Chart.examples()) {
      assertThat(run("lint", "--strict", "-f", example.toString(), Chart.BUILT.toString()))
          .contains("0 chart(s) failed");
    }
  }

  @Test
  void template_rendersWhatHelmThreeRenders() throws Exception {
    for (Path example : Chart.examples()) {
      String text =
          run(
              "template",
              "release",
              Chart.BUILT.toString(),
              "--namespace",
              "models",
              "--kube-version",
              Chart.KUBERNETES,
              "-f",
              example.toString());
      List<JsonNode> four =
          new ArrayList<>(Manifests.parse(text.replace(Chart.HOOK, Chart.SHOWN_HOOK)).all());
      assertThat(four)
          .as(example.toString())
          .containsExactlyInAnyOrderElementsOf(Chart.render(example).all());
    }
  }

  @Test
  void olderKubernetes_isRefused() throws Exception {
    assertThat(run("template", "x", Chart.BUILT.toString(), "--kube-version", "1.28.0"))
        .contains("1.29.0");
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(HELM));
    command.addAll(List.of(arguments));
    Path out = dir.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("HOME", dir.toString());
    Process helm = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(helm.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    return Files.readString(out);
  }
}
