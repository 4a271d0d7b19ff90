package dev.plumbline.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The pages made from the keys; {@code -Dplumbline.write=true} writes them anew. */
class ReferenceTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(ConfigSchema.json());

  private static void holds(String file, String text) throws IOException {
    Path page = Path.of(file);
    if (Boolean.getBoolean("plumbline.write")) {
      Files.writeString(page, text);
    }
    assertThat(page).as("write it anew with -Dplumbline.write=true").hasContent(text);
  }

  private static boolean takes(String json) throws IOException {
    return SCHEMA.validate(new ObjectMapper().readTree(json)).isEmpty();
  }

  @Test
  void page_isWhatTheKeysSay() throws IOException {
    holds("CONFIGURATION.md", Reference.markdown());
    for (Key key : Key.values()) {
      assertThat(Reference.markdown()).contains("| `" + key.key() + "` | ");
    }
  }

  @Test
  void schema_isWhatTheKeysSay() throws IOException {
    holds("config.schema.json", ConfigSchema.json().toPrettyString() + "\n");
  }

  @Test
  void schema_bothSpellingsOfAKey_areTaken() throws IOException {
    assertThat(takes("{\"origin.connect-timeout\":\"1s\",\"port\":8080,\"off\":true}")).isTrue();
    assertThat(takes("{\"origin\":{\"connect-timeout\":\"1s\"}}")).isTrue();
    assertThat(takes("{\"models.org/a.b.mode\":\"ablate\"}")).isTrue();
    assertThat(takes("{\"models\":{\"org/a.b\":{\"mode\":\"ablate\"}}}")).isTrue();
    assertThat(takes("{\"trigger\":{\"mode\":\"ablate\",\"rules\":{\"x\":\"if ...\"}}}")).isTrue();
  }

  @Test
  void schema_unknownKeysAndKinds_areNot() throws IOException {
    assertThat(takes("{\"origin\":{\"conect-timeout\":\"1s\"}}")).isFalse();
    assertThat(takes("{\"origin.conect-timeout\":\"1s\"}")).isFalse();
    assertThat(takes("{\"models\":{\"a\":{\"mood\":\"ablate\"}}}")).isFalse();
    assertThat(takes("{\"mode\":[\"ablate\"]}")).isFalse();
    assertThat(takes("{\"mode\":1}")).isFalse();
  }

  @Test
  void schema_eachDefault_isOfItsKind() throws IOException {
    ObjectNode all = new ObjectMapper().createObjectNode();
    for (Key key : Key.values()) {
      key.fallback().ifPresent(text -> all.put(key.key(), text));
    }
    assertThat(SCHEMA.validate(all)).isEmpty();
  }
}
