package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What values.schema.json lets in. */
class SchemaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mode: beside                                  | /mode
          modelserver: {}                               | modelserver
          agent: {prot: 1}                              | prot
          agent: {port: 0}                              | /agent/port
          agent: {port: '80a'}                          | /agent/port
          agent: {gpu: {count: -1}}                     | /agent/gpu/count
          agent: {files: {../x: {secret: s, key: k}}}   | propertyName '../x'
          agent: {files: {x: {secret: s}}}              | key
          agent: {files: {x: {secret: s, configMap: c, key: k}}} | /agent/files/x
          agent: {adminTls: {secret: A_B}}              | /agent/adminTls/secret
          origin: {tls: {ca: x}}                        | ca
          trustedKeys: {configMap: c, files: [../x]}    | /trustedKeys/files/0
          prometheusRule: {runbookUrl: "https://h/a'b"} | /prometheusRule/runbookUrl
          image: {digest: 'sha256:12'}                  | /image/digest
          direction: {configMap: {}}                    | name
          direction: {configMap: {name: a}, secret: {name: b}} | /direction
          direction: {hostPath: {path: /}}              | hostPath
          direction: {image: {reference: r, path: ../x}} | path
          direction: {url: {address: 'https://h/a.zip'}} | sha256
          direction: {url: {address: 'ftp://h/a', sha256: 'x'}} | /direction/url
          model: {secret: {name: weights}}              | secret
          directions: {'a b': {secret: {name: s}}}      | propertyName 'a b'
          directions: {a: {}}                           | /directions/a
          origin: {url: 'llm.example.org'}              | /origin/url
          origin: {url: 'https://user@llm.example.org'} | /origin/url
          service: {type: ExternalName}                 | /service/type
          networkPolicy: {egress: {}}                   | /networkPolicy/egress
          commonLabels: {a: 1}                          | /commonLabels/a
          sidecar: {injection: {failurePolicy: Maybe}}  | failurePolicy
          training: {backoffLimit: often}               | /training/backoffLimit
          podMonitor: {interval: soon}                  | /podMonitor/interval
          """)
  void mistake_isRefusedWhereItIs(String values, String where) {
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(where);
  }

  /** {@code --set} makes a text of what has a point, and of what it is told to. */
  @Test
  void numbers_mayBeTexts() {
    Manifests rendered =
        Chart.render(
            """
            agent: {port: "9000", adminPort: "9001", gpu: {count: "2"}, settings: {scoring: {sample: "0.5"}}}
            pod: {replicas: "3", terminationGracePeriodSeconds: "90"}
            modelServer: {enabled: true, image: m, port: "7000"}
            """);
    assertThat(rendered.settings())
        .containsEntry("port", "9000")
        .containsEntry("scoring.sample", "0.5")
        .containsEntry("origin.url", "http://127.0.0.1:7000");
    assertThat(rendered.one("Deployment").at("/spec/replicas").intValue()).isEqualTo(3);
    JsonNode limits = rendered.container("plumbline").at("/resources/limits");
    assertThat(limits.path("nvidia.com/gpu").textValue()).isEqualTo("2");
  }

  @Test
  void set_ofAScore_isTaken() {
    Manifests rendered = Chart.set(Map.of("agent.settings.rescue.threshold", "0.25"));
    assertThat(rendered.settings()).containsEntry("rescue.threshold", "0.25");
  }

  /**
   * Each object that the chart owns is closed; what Kubernetes or the agent checks is open, and
   * named.
   */
  @Test
  void ownedObjects_areClosed() throws Exception {
    JsonNode schema = Manifests.read(Files.readString(Chart.SOURCE.resolve("values.schema.json")));
    assertThat(schema.path("$schema").asText()).contains("draft-07");
    TreeSet<String> open = new TreeSet<>();
    open("", schema, open);
    assertThat(open)
        .containsExactly(
            "/definitions/free",
            "/definitions/objects/items",
            "/properties/agent/properties/settings",
            "/properties/global");
  }

  private static void open(String path, JsonNode node, TreeSet<String> open) {
    if (node.path("type").asText().equals("object") && !node.has("additionalProperties")) {
      open.add(path);
    }
    node.fields().forEachRemaining(f -> open(path + "/" + f.getKey(), f.getValue(), open));
  }

  @Test
  void properties_areThoseOfTheValues() throws Exception {
    JsonNode schema = Manifests.read(Files.readString(Chart.SOURCE.resolve("values.schema.json")));
    JsonNode values = Manifests.read(Files.readString(Path.of("plumbline/values.yaml")));
    same("", schema, values);
  }

  private static void same(String path, JsonNode schema, JsonNode values) {
    JsonNode known = schema.path("properties");
    if (known.isMissingNode() || values.isEmpty()) {
      return;
    }
    TreeSet<String> inSchema = new TreeSet<>();
    known.fieldNames().forEachRemaining(inSchema::add);
    inSchema.remove("global");
    TreeSet<String> inValues = new TreeSet<>();
    values.fieldNames().forEachRemaining(inValues::add);
    assertThat(inSchema).as(path).isEqualTo(inValues);
    values
        .fields()
        .forEachRemaining(f -> same(path + "/" + f.getKey(), known.get(f.getKey()), f.getValue()));
  }
}
