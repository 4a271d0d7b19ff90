package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sidecar and the standalone form. */
class FormsTest {
  /**
   * As an init container that goes on running it is there before the model server and ends after
   * it.
   */
  @Test
  void sidecar_isANativeOne() {
    Manifests rendered = Chart.example("vllm");
    JsonNode pod = rendered.one("Deployment").at("/spec/template");
    assertThat(pod.at("/spec/initContainers/0/name").asText()).isEqualTo("plumbline");
    assertThat(pod.at("/spec/initContainers/0/restartPolicy").asText()).isEqualTo("Always");
    assertThat(pod.at("/spec/containers")).hasSize(1);
    assertThat(pod.at("/spec/containers/0/name").asText()).isEqualTo("vllm");
    assertThat(pod.at("/metadata/annotations").path("kubectl.kubernetes.io/default-container"))
        .hasToString("\"vllm\"");
  }

  /** The startup probe holds the model server back: it must not wait for it. */
  @Test
  void startup_waitsForPortsOnly_readinessForModels() {
    JsonNode agent = Chart.example("vllm").container("plumbline");
    assertThat(agent.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/live");
    assertThat(agent.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
    assertThat(agent.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(agent.at("/" + probe + "/httpGet/port").intValue()).isEqualTo(8081);
    }
  }

  /**
   * On SIGTERM it takes nothing new, while nodes go on sending to a pod alone for some seconds: it
   * must hear of its end later than they. A sidecar hears of it after its model server.
   */
  @Test
  void end_ofAPodAlone_waitsUntilNobodySendsToIt() {
    Manifests rendered = Chart.example("standalone");
    JsonNode hook = rendered.container("plumbline").at("/lifecycle/preStop/exec/command");
    assertThat(hook.toString()).isEqualTo("[\"sleep\",\"5\"]");
    assertThatThrownBy(
            () ->
                Chart.render(
                    "{mode: standalone, origin: {url: 'http://x'}, agent: {preStopSeconds: 30}}"))
        .hasMessageContaining("agent.preStopSeconds (60), found 60");
    Manifests server =
        Chart.render(
            "modelServer: {enabled: true, image: m, lifecycle: {preStop: {sleep: {seconds: 9}}}}");
    assertThat(server.container("model-server").at("/lifecycle/preStop/sleep/seconds").intValue())
        .isEqualTo(9);
  }

  /** As a sidecar it drains on SIGTERM; a preStop hook would only end it earlier. */
  @Test
  void end_isByTheSignal_withTimeForAnswers() {
    Manifests rendered = Chart.example("vllm");
    assertThat(rendered.container("plumbline").has("lifecycle")).isFalse();
    assertThat(rendered.settings()).containsEntry("shutdown.deadline", "30s");
    JsonNode pod = rendered.one("Deployment").at("/spec/template/spec");
    assertThat(pod.path("terminationGracePeriodSeconds").intValue()).isGreaterThan(30);
    assertThatThrownBy(() -> Chart.render("pod: {terminationGracePeriodSeconds: 30}"))
        .hasMessageContaining("agent.shutdownSeconds");
  }

  @Test
  void fetch_endsBeforeTheAgentBegins() {
    Manifests rendered = Chart.example("llama-cpp");
    JsonNode containers = rendered.one("Deployment").at("/spec/template/spec/initContainers");
    assertThat(Manifests.stream(containers).map(c -> c.path("name").asText()))
        .containsExactly("plumbline-fetch-direction", "plumbline-fetch-model", "plumbline");
    JsonNode fetch = containers.get(1);
    assertThat(fetch.has("restartPolicy")).isFalse();
    assertThat(Manifests.stream(fetch.path("args")).map(JsonNode::asText))
        .startsWith("artefact", "fetch", "--url")
        .contains("--file", "--max-bytes", "200000000");
    assertThat(rendered.settings())
        .containsEntry("direction", "/artefacts/direction/content/em.direction")
        .containsEntry("model", "/artefacts/model/content/SmolLM2-135M-Instruct.Q8_0.gguf");
  }

  @Test
  void hiddenStates_areOneVolumeInBothContainers() {
    Manifests rendered = Chart.example("vllm");
    assertThat(rendered.settings())
        .containsEntry("states.directory", "/states")
        .containsEntry("states.served-directory", "/hidden-states");
    assertThat(mount(rendered, "plumbline", "plumbline-states")).isEqualTo("/states");
    assertThat(mount(rendered, "vllm", "plumbline-states")).isEqualTo("/hidden-states");
    assertThat(rendered.container("vllm").path("args").toString())
        .contains("\\\"shared_storage_path\\\":\\\"/hidden-states\\\"");
  }

  private static String mount(Manifests rendered, String container, String volume) {
    return Manifests.stream(rendered.container(container).path("volumeMounts"))
        .filter(mount -> mount.path("name").asText().equals(volume))
        .map(mount -> mount.path("mountPath").asText())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          serviceMonitor: {enabled: true}                     | serviceMonitor.enabled: wanted mode standalone
          podDisruptionBudget: {enabled: true}                | podDisruptionBudget.enabled: wanted mode standalone
          autoscaling: {enabled: true}                        | autoscaling.enabled: wanted mode standalone
          origin: {url: 'http://x'}                           | origin.url: wanted mode standalone
          modelServer: {enabled: true}                        | modelServer.image: wanted
          mode: standalone                                    | origin.url: wanted the server
          {mode: standalone, origin: {url: 'http://x'}, modelServer: {enabled: true, image: m}} | modelServer.enabled: wanted mode sidecar
          {mode: standalone, origin: {url: 'http://x'}, sidecar: {injection: {enabled: true}}}  | injection.enabled: wanted mode sidecar
          training: {enabled: true}                           | training.args: wanted
          trustedKeys: {configMap: keys}                      | trustedKeys: wanted configMap and files
          {mode: standalone, origin: {url: 'http://x'}, networkPolicy: {enabled: true, restrictEgress: true}} | networkPolicy.egress: wanted a rule
          """)
  void whatDoesNotGoTogether_isRefused(String values, String why) {
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(why);
  }

  @Test
  void standalone_hasTheAgentAlone_andScales() {
    Manifests rendered = Chart.example("standalone");
    JsonNode deployment = rendered.one("Deployment");
    assertThat(deployment.at("/spec").has("replicas")).as("the autoscaler's").isFalse();
    assertThat(deployment.at("/spec/template/spec/containers")).hasSize(1);
    assertThat(rendered.container("plumbline").has("restartPolicy")).isFalse();
    assertThat(rendered.container("plumbline").path("image").asText())
        .isEqualTo(
            "mirror/plumbline@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    assertThat(rendered.one("PodDisruptionBudget").at("/spec/maxUnavailable").asText())
        .isEqualTo("25%");
    assertThat(rendered.kind("PodMonitor")).isEmpty();
    JsonNode admin = rendered.named("Service", "release-plumbline-admin");
    JsonNode selector = rendered.one("ServiceMonitor").at("/spec/selector/matchLabels");
    selector
        .fields()
        .forEachRemaining(
            label ->
                assertThat(admin.at("/metadata/labels").get(label.getKey()))
                    .isEqualTo(label.getValue()));
  }

  /**
   * Who may go where: clients to the agent, monitoring to the admin port, nobody to the model
   * server.
   */
  @Test
  void policy_closesTheModelServersOwnPort() {
    JsonNode policy = Chart.example("sglang").one("NetworkPolicy");
    assertThat(policy.findValues("port").stream().map(JsonNode::intValue).distinct())
        .containsExactly(8080, 8081);
    assertThat(policy.toString()).doesNotContain("30000");
    assertThat(policy.at("/spec/ingress/1/from").toString()).contains("monitoring");
  }

  @Test
  void fleet_isFoundReadyOrNot_andClosedToOthers() {
    Manifests rendered = Chart.example("fleet");
    JsonNode service = rendered.named("Service", "release-plumbline-fleet");
    assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("None");
    assertThat(service.at("/spec/publishNotReadyAddresses").asBoolean()).isTrue();
    assertThat(service.at("/spec/ports/0/port").intValue()).isEqualTo(5701);
    assertThat(rendered.settings())
        .containsEntry("fleet.service-dns", "release-plumbline-fleet.models.svc.cluster.local")
        .containsEntry("fleet.expected-members", "3")
        .as("a command once accepted cannot be repeated after a restart of the container")
        .containsEntry("fleet.state", "/var/lib/plumbline/fleet")
        .containsEntry("fleet.trusted-keys", "/etc/plumbline-fleet/operator.pub.pem");
    JsonNode rule = rendered.one("NetworkPolicy").at("/spec/ingress/2");
    assertThat(rule.at("/ports/0/port").intValue()).isEqualTo(5701);
    assertThat(rule.at("/from/0/podSelector/matchLabels"))
        .isEqualTo(rendered.one("Deployment").at("/spec/selector/matchLabels"));
  }

  /** One replica is the default of pods that are not scaled, and says nothing of those that are. */
  @Test
  void fleet_ofPodsScaledByLoad_expectsTheFewest() {
    Manifests rendered =
        Chart.render(
            """
            {mode: standalone, origin: {url: 'http://x'}, fleet: {enabled: true},
             autoscaling: {enabled: true, minReplicas: 3}}
            """);
    assertThat(rendered.settings()).containsEntry("fleet.expected-members", "3");
  }

  /** The agent as a model: a port that nobody can reach would be none. */
  @Test
  void oipPort_isBoundOpenAndServed() {
    Manifests rendered =
        Chart.render(
            """
            {mode: standalone, direction: {secret: {name: d}}, agent: {oipPort: 8001},
             origin: {url: 'http://x'}, networkPolicy: {enabled: true}}
            """);
    assertThat(rendered.settings())
        .containsEntry("oip.host", "0.0.0.0")
        .containsEntry("oip.port", "8001");
    assertThat(rendered.container("plumbline").at("/ports").findValuesAsText("containerPort"))
        .contains("8001");
    assertThat(rendered.named("Service", "release-plumbline").at("/spec/ports/1/port").intValue())
        .isEqualTo(8001);
    assertThat(rendered.one("NetworkPolicy").at("/spec/ingress/0/ports/1/port").intValue())
        .isEqualTo(8001);
  }

  @Test
  void noPodsOfItsOwn_leavesNothingThatNeedsThem() {
    Manifests rendered = Chart.render("{}");
    assertThat(rendered.all())
        .extracting(each -> each.path("kind").asText())
        .containsExactlyInAnyOrder("ServiceAccount", "ConfigMap");
  }

  @Test
  void testPod_asksTheAdminService() {
    Manifests rendered = Chart.example("vllm");
    JsonNode pod = rendered.one("Pod");
    assertThat(pod.at("/metadata/annotations").path("plumbline.dev/hook").asText())
        .isEqualTo("test");
    String url = pod.at("/spec/containers/0/args/2").asText();
    JsonNode admin = rendered.named("Service", "release-plumbline-admin");
    assertThat(url).isEqualTo("http://release-plumbline-admin:" + admin.at("/spec/ports/0/port"));
    assertThat(pod.at("/metadata/labels").path("app.kubernetes.io/component").asText())
        .isEqualTo("test");
  }
}
