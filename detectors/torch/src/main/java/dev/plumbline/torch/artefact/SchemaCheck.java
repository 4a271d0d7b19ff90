package dev.plumbline.torch.artefact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Holds JSON to a shipped schema (JSON Schema 2020-12, of which it knows the keywords below and
 * those of {@link SchemaRule}): the file that is published is the one that is enforced. A schema
 * with any other keyword is refused when it is loaded. Immutable.
 */
final class SchemaCheck {
  private static final Set<String> NOTES =
      Set.of("$schema", "$id", "$defs", "title", "description");
  private static final Set<String> STRUCTURE =
      Set.of("$ref", "required", "properties", "additionalProperties", "items");

  /** The schema of {@code direction.json}. */
  static final SchemaCheck DIRECTION = load("direction.schema.json");

  private final JsonNode root;

  private SchemaCheck(JsonNode root) {
    this.root = root;
    requireKnown(root);
    root.path("$defs").forEach(SchemaCheck::requireKnown);
  }

  private static SchemaCheck load(String resource) {
    try (InputStream in = SchemaCheck.class.getResourceAsStream(resource)) {
      return of(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + resource + " of this build", e);
    }
  }

  static SchemaCheck of(JsonNode schema) {
    return new SchemaCheck(schema);
  }

  private static void requireKnown(JsonNode schema) {
    schema
        .fieldNames()
        .forEachRemaining(
            word -> {
              if (!NOTES.contains(word) && !STRUCTURE.contains(word) && !SchemaRule.knows(word)) {
                throw new IllegalArgumentException(
                    "schema: wanted known keywords, found " + word + "; teach SchemaRule");
              }
            });
    schema.path("properties").forEach(SchemaCheck::requireKnown);
    for (String inner : Set.of("items", "additionalProperties")) {
      if (schema.path(inner).isObject()) {
        requireKnown(schema.get(inner));
      }
    }
  }

  JsonNode schema() {
    return root;
  }

  /**
   * Passes if the JSON is as the schema says.
   *
   * @throws BadFileException naming the first key that is not
   */
  void require(Path file, JsonNode json) {
    check(file, "", json, root);
  }

  private void check(Path file, String at, JsonNode value, JsonNode schema) {
    if (schema.has("$ref")) {
      check(file, at, value, root.at(schema.get("$ref").textValue().substring(1)));
      return;
    }
    SchemaRule.broken(value, schema)
        .ifPresent(
            wanted -> {
              throw bad(file, at, wanted, value.toString());
            });
    for (JsonNode key : schema.path("required")) {
      if (!value.has(key.textValue())) {
        throw bad(file, inside(at, key.textValue()), "the key", "none");
      }
    }
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        property(file, inside(at, entry.getKey()), entry, schema);
      }
    }
    for (int i = 0; value.isArray() && schema.has("items") && i < value.size(); i++) {
      check(file, at + "[" + i + "]", value.get(i), schema.get("items"));
    }
  }

  private void property(Path file, String at, Map.Entry<String, JsonNode> entry, JsonNode schema) {
    JsonNode own = schema.path("properties").path(entry.getKey());
    JsonNode rest = schema.path("additionalProperties");
    if (own.isObject() || rest.isObject()) {
      check(file, at, entry.getValue(), own.isObject() ? own : rest);
    } else if (rest.isBoolean() && !rest.booleanValue()) {
      throw bad(file, at, "no such key", entry.getValue().toString());
    }
  }

  private static String inside(String at, String key) {
    return at.isEmpty() ? key : at + "." + key;
  }

  private static BadFileException bad(Path file, String at, String wanted, String found) {
    String key = at.isEmpty() ? "the JSON" : "key " + at;
    return new BadFileException(file, key, wanted, found, "Learn or copy the artefact again.");
  }
}
