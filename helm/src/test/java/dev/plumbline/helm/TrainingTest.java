package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class TrainingTest {
  private static final String JOB =
      "training: {enabled: true, args: [learn, direction, --seed, '%s']}";

  @Test
  void job_ofOtherInputs_hasAnotherName() {
    String one = name(JOB.formatted(1));
    assertThat(one)
        .matches("release-plumbline-train-[0-9a-f]{10}")
        .isEqualTo(name(JOB.formatted(1)));
    assertThat(name(JOB.formatted(2))).isNotEqualTo(one);
  }

  private static String name(String values) {
    return Chart.render(values).one("Job").at("/metadata/name").asText();
  }

  @Test
  void job_endsAndIsClearedAway() {
    JsonNode job = Chart.render(JOB.formatted(1)).one("Job").path("spec");
    assertThat(job.path("backoffLimit").intValue()).isEqualTo(1);
    assertThat(job.path("activeDeadlineSeconds").intValue()).isEqualTo(43200);
    assertThat(job.path("ttlSecondsAfterFinished").intValue()).isEqualTo(604800);
    assertThat(job.at("/template/spec/restartPolicy").asText()).isEqualTo("Never");
    JsonNode container = job.at("/template/spec/containers/0");
    assertThat(container.at("/resources/limits").path("nvidia.com/gpu").asText()).isEqualTo("1");
  }

  @Test
  void results_outliveTheRelease() {
    Manifests rendered = Chart.render(JOB.formatted(1));
    JsonNode claim = rendered.one("PersistentVolumeClaim");
    assertThat(claim.at("/metadata/annotations").path("helm.sh/resource-policy").asText())
        .isEqualTo("keep");
    assertThat(rendered.one("Job").findValuesAsText("claimName"))
        .containsExactly(claim.at("/metadata/name").asText());
    assertThat(
            Chart.render(
                    "training: {enabled: true, args: [learn], output: {claim: mine}, inputClaim: in}")
                .kind("PersistentVolumeClaim"))
        .isEmpty();
  }

  @Test
  void schedule_makesACronJobThatDoesNotOverlap() {
    Manifests rendered = Chart.example("training");
    JsonNode cron = rendered.one("CronJob");
    assertThat(cron.at("/spec/concurrencyPolicy").asText()).isEqualTo("Forbid");
    assertThat(cron.at("/spec/jobTemplate/spec/suspend").asBoolean())
        .as("Kueue starts it")
        .isTrue();
    assertThat(rendered.kind("Job")).isEmpty();
    assertThat(rendered.kind("Deployment")).isEmpty();
  }
}
