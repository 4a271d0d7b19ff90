package dev.plumbline.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * The configuration file's JSON Schema (2020-12), for editors and for those who write such files by
 * program. Both spellings of a key are in it, nested and dotted. What a value must look like beyond
 * its kind is in its description: the agent itself is the judge, {@code plumbline config check}.
 */
public final class ConfigSchema {
  private static final String NAME = "NAME";
  private static final Set<ValueType> NUMBERS =
      Set.of(
          ValueType.PORT,
          ValueType.COUNT,
          ValueType.RETRIES,
          ValueType.THREADS,
          ValueType.SHARE,
          ValueType.STRENGTH,
          ValueType.NUMBER,
          ValueType.INDEX,
          ValueType.AMOUNT);

  private ConfigSchema() {}

  /** The schema; a new one each time. */
  public static ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "Plumbline agent configuration");
    closed(root);
    Reference.rows().forEach(row -> put(root, row.key(), row));
    return root;
  }

  private static ObjectNode closed(ObjectNode node) {
    return type(node, "object").put("additionalProperties", false);
  }

  /** At this object: the rest of a key dotted, and its first word with the rest nested in it. */
  private static void put(ObjectNode node, String rest, Reference.Row row) {
    value(member(node, rest), row);
    int dot = rest.indexOf('.');
    if (dot > 0) {
      put(closed(member(node, rest.substring(0, dot))), rest.substring(dot + 1), row);
    }
  }

  private static ObjectNode member(ObjectNode node, String key) {
    return key.contains(NAME)
        ? node.withObjectProperty("patternProperties")
            .withObjectProperty("^" + key.replace(".", "\\.").replace(NAME, ".+") + "$")
        : node.withObjectProperty("properties").withObjectProperty(key);
  }

  private static void value(ObjectNode node, Reference.Row row) {
    type(node, "string");
    if (row.type() == ValueType.FLAG) {
      type(node, "boolean");
    } else if (NUMBERS.contains(row.type())) {
      type(node, "number");
    }
    row.fallback().ifPresent(text -> node.put("default", text));
    node.put("description", row.help() + "; " + row.type().wanted());
  }

  private static ObjectNode type(ObjectNode node, String type) {
    ArrayNode types = node.withArrayProperty("type");
    for (JsonNode there : types) {
      if (there.textValue().equals(type)) {
        return node;
      }
    }
    types.add(type);
    return node;
  }
}
