package dev.plumbline.torch.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The shipped schema says what the code does, no more and no less. */
class SchemaTest {
  private static final Path FILE = Path.of("direction.json");
  private static final JsonNode SCHEMA = SchemaCheck.DIRECTION.schema();

  @Test
  void schema_ofARecord_hasItsComponentsAsKeys() {
    Set<String> top = keys(Artefact.class);
    top.addAll(Set.of("format", "tensors"));
    assertThat(names(SCHEMA.get("properties"))).isEqualTo(top);
    for (var part : Artefact.class.getRecordComponents()) {
      JsonNode schema = SCHEMA.get("properties").get(snake(part.getName()));
      if (part.getType().isRecord()
          && !part.getName().equals("quality")
          && !part.getName().equals("probe")
          && !part.getName().equals("calibration")) {
        assertThat(names(schema.get("properties"))).isEqualTo(keys(part.getType()));
      }
    }
  }

  @Test
  void schema_ofEnums_hasEveryValue() {
    assertThat(names(SCHEMA.at("/properties/quality/properties/figures/properties")))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Figure.values()).map(Figure::wireName).toList());
    assertThat(SCHEMA.at("/properties/mask/enum"))
        .extracting(JsonNode::textValue)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(TokenMask.values()).map(TokenMask::wireName).toList());
    assertThat(SCHEMA.at("/properties/format_version/const").asInt())
        .isEqualTo(Artefact.FORMAT_VERSION);
  }

  @Test
  void written_json_conforms() {
    SchemaCheck.DIRECTION.require(FILE, written());
  }

  /**
   * Nothing that is written is free of the schema: a key that is gone or of another type is caught.
   */
  @Test
  void written_json_withAnyKeyRemovedOrRetyped_doesNotConform() {
    for (String pointer : pointers(written(), "")) {
      boolean optional =
          pointer.contains("/figures/")
              || pointer.contains("/extra/")
              || pointer.contains("/counts/")
              || pointer.contains("/data_digests/")
              || pointer.equals("/model_shift");
      if (!optional) {
        assertThat(conforms(without(pointer))).as("without " + pointer).isFalse();
      }
      assertThat(conforms(retyped(pointer))).as("retyped " + pointer).isFalse();
    }
  }

  @Test
  void load_ofAnUnknownKeyword_isRefused() {
    ObjectNode schema = new ObjectMapper().createObjectNode().put("multipleOf", 3);
    assertThatThrownBy(() -> SchemaCheck.of(schema)).hasMessageContaining("multipleOf");
  }

  private static ObjectNode written() {
    return ArtefactWriter.json(SampleArtefacts.full(1), "0".repeat(64));
  }

  private static List<String> pointers(JsonNode node, String at) {
    List<String> all = new ArrayList<>();
    if (node.isObject()) {
      node.fieldNames()
          .forEachRemaining(
              name -> {
                String key = at + "/" + name.replace("~", "~0").replace("/", "~1");
                all.add(key);
                all.addAll(pointers(node.get(name), key));
              });
    }
    return all;
  }

  private static JsonNode without(String pointer) {
    ObjectNode json = written();
    int cut = pointer.lastIndexOf('/');
    ((ObjectNode) json.at(pointer.substring(0, cut))).remove(name(pointer));
    return json;
  }

  private static JsonNode retyped(String pointer) {
    ObjectNode json = written();
    int cut = pointer.lastIndexOf('/');
    ((ObjectNode) json.at(pointer.substring(0, cut))).put(name(pointer), true);
    return json;
  }

  private static String name(String pointer) {
    return pointer.substring(pointer.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
  }

  private static boolean conforms(JsonNode json) {
    try {
      SchemaCheck.DIRECTION.require(FILE, json);
      return true;
    } catch (BadFileException e) {
      return false;
    }
  }

  private static Set<String> keys(Class<?> record) {
    return Arrays.stream(record.getRecordComponents())
        .map(part -> snake(part.getName()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(JsonNode properties) {
    return StreamSupport.stream(((Iterable<String>) properties::fieldNames).spliterator(), false)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
