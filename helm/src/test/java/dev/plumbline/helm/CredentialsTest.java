package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, tokens and keys: where they are mounted, and who is told. */
class CredentialsTest {
  @TempDir private Path dir;
  private Manifests rendered;

  @BeforeEach
  void render() {
    rendered =
        Chart.render(
            """
            mode: standalone
            origin:
              url: https://llm.example.org
              tls: {caConfigMap: corporate, secret: client}
            direction: {secret: {name: em}}
            model: {persistentVolumeClaim: {claimName: models}}
            trustedKeys: {configMap: keys, files: [ops.pub.pem, lab.pub.pem]}
            agent:
              adminTls: {secret: admin-tls}
              tokens: {secret: tokens}
              files:
                clients.crt: {configMap: clients, key: ca.crt}
              settings: {tls: {client-ca: /run/plumbline/files/clients.crt}}
              tls: {secret: own}
            podMonitor: {enabled: true}
            serviceMonitor: {enabled: true}
            """);
  }

  @Test
  void settings_nameWhatIsMounted_andTheAgentTakesThem() throws Exception {
    assertThat(rendered.settings())
        .containsEntry("admin.tls.certificate", "/run/plumbline/admin-tls/tls.crt")
        .containsEntry("admin.tls.key", "/run/plumbline/admin-tls/tls.key")
        .containsEntry("origin.tls.ca", "/etc/plumbline-origin/ca.crt")
        .containsEntry("origin.tls.certificate", "/run/plumbline/origin-tls/tls.crt")
        .containsEntry("origin.tls.key", "/run/plumbline/origin-tls/tls.key")
        .containsEntry(
            "direction.trusted-keys",
            "/etc/plumbline-keys/ops.pub.pem,/etc/plumbline-keys/lab.pub.pem")
        .doesNotContainKey("admin.insecure");
    assertThat(AgentSettings.load(rendered.config(), dir).effective())
        .extracting(each -> each.key())
        .containsAll(rendered.settings().keySet());
  }

  @Test
  void settings_lieUnderMounts_whichHaveVolumes() {
    List<String> mounts = values(rendered.container("plumbline"), "mountPath");
    rendered.settings().values().stream()
        .filter(value -> value.startsWith("/"))
        .flatMap(value -> List.of(value.split(",")).stream())
        .forEach(path -> assertThat(mounts).as(path).anyMatch(m -> path.startsWith(m)));
    JsonNode pod = rendered.one("Deployment").at("/spec/template/spec");
    assertThat(values(pod.path("volumes"), "name"))
        .containsAll(values(rendered.container("plumbline").path("volumeMounts"), "name"));
    assertThat(pod.path("volumes").toString())
        .contains("\"configMap\":{\"name\":\"clients\"", "\"configMap\":{\"name\":\"corporate\"");
    assertThat(StrictKubernetes.unknownFields(rendered.one("Deployment"))).isEmpty();
  }

  /**
   * Of several origins one may have certificates of its own: files, and settings that name them.
   */
  @Test
  void originsOwnTls_isOfFilesAndSettings() throws Exception {
    Manifests several =
        Chart.render(
            """
            mode: standalone
            origin: {url: "https://llm.example.org", tls: {caConfigMap: corporate}}
            agent:
              files:
                b-ca.crt: {configMap: b, key: ca.crt}
                b.crt: {secret: b-client, key: tls.crt}
                b.key: {secret: b-client, key: tls.key}
              settings:
                origins:
                  b:
                    url: https://10.0.0.7
                    models: b-*
                    tls:
                      ca: /run/plumbline/files/b-ca.crt
                      certificate: /run/plumbline/files/b.crt
                      key: /run/plumbline/files/b.key
                      server-name: b.example.org
            """);
    assertThat(AgentSettings.load(several.config(), dir).effective())
        .extracting(each -> each.key())
        .contains("origin.tls.ca", "origins.b.tls.ca", "origins.b.tls.server-name");
    JsonNode pod = several.one("Deployment").at("/spec/template/spec");
    assertThat(pod.path("volumes").toString())
        .contains("\"secret\":{\"name\":\"b-client\"", "\"defaultMode\":288");
  }

  private static List<String> values(JsonNode node, String field) {
    return node.findValuesAsText(field);
  }

  /** Whoever asks the admin port has to speak TLS with it, and probes do not check names. */
  @Test
  void probesScrapersAndTest_speakTls() {
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(rendered.container("plumbline").at("/" + probe + "/httpGet/scheme").asText())
          .isEqualTo("HTTPS");
    }
    JsonNode pods = rendered.one("PodMonitor").at("/spec/podMetricsEndpoints/0");
    JsonNode services = rendered.one("ServiceMonitor").at("/spec/endpoints/0");
    for (JsonNode endpoint : List.of(pods, services)) {
      assertThat(endpoint.path("scheme").asText()).isEqualTo("https");
      assertThat(endpoint.at("/tlsConfig/ca/secret/name").asText()).isEqualTo("admin-tls");
      assertThat(endpoint.at("/tlsConfig/serverName").asText())
          .isEqualTo("release-plumbline-admin");
      assertThat(endpoint.at("/authorization/credentials/key").asText()).isEqualTo("read");
    }
    assertThat(StrictKubernetes.unknownFields(rendered.one("PodMonitor"))).isEmpty();
    JsonNode test = rendered.one("Pod");
    assertThat(test.at("/spec/containers/0/args").toString())
        .contains(
            "https://release-plumbline-admin:8081", "--ca", "/run/plumbline/admin-tls/ca.crt");
    assertThat(test.at("/spec/volumes/1/secret/items").findValuesAsText("key"))
        .containsExactly("ca.crt");
    assertThat(StrictKubernetes.unknownFields(test)).isEmpty();
  }
}
