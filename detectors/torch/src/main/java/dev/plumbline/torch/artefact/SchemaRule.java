package dev.plumbline.torch.artefact;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/** The keywords of JSON Schema that ask something of one value alone. */
final class SchemaRule {
  private static final Map<String, BiPredicate<JsonNode, JsonNode>> RULES =
      Map.of(
          "type", (rule, value) -> isType(rule.textValue(), value),
          "const", JsonNode::equals,
          "enum", (rule, value) -> contains(rule, value),
          "minimum", (rule, value) -> value.doubleValue() >= rule.doubleValue(),
          "exclusiveMinimum", (rule, value) -> value.doubleValue() > rule.doubleValue(),
          "exclusiveMaximum", (rule, value) -> value.doubleValue() < rule.doubleValue(),
          "maximum", (rule, value) -> value.doubleValue() <= rule.doubleValue(),
          "minLength", (rule, value) -> value.textValue().length() >= rule.intValue(),
          "pattern", (rule, value) -> value.textValue().matches(rule.textValue()),
          "minItems", (rule, value) -> value.size() >= rule.intValue());

  private SchemaRule() {}

  static boolean knows(String keyword) {
    return RULES.containsKey(keyword);
  }

  /**
   * What was wanted, if the value breaks one of the schema's rules; its type is looked at first.
   */
  static Optional<String> broken(JsonNode value, JsonNode schema) {
    if (schema.has("type") && !isType(schema.get("type").textValue(), value)) {
      return Optional.of(wanted("type", schema.get("type")));
    }
    return schema.properties().stream()
        .filter(entry -> knows(entry.getKey()))
        .filter(entry -> !RULES.get(entry.getKey()).test(entry.getValue(), value))
        .map(entry -> wanted(entry.getKey(), entry.getValue()))
        .findFirst();
  }

  private static boolean isType(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      // Unlike the standard's, no 1.0: whatever reads it as a long would have to round.
      case "integer" -> value.isIntegralNumber() && value.canConvertToLong();
      case "number" -> value.isNumber() && Double.isFinite(value.doubleValue());
      default -> throw new IllegalArgumentException("schema: wanted a known type, found " + type);
    };
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    for (JsonNode each : values) {
      if (each.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static String wanted(String keyword, JsonNode rule) {
    String text = rule.isTextual() ? rule.textValue() : rule.toString();
    return switch (keyword) {
      case "type" -> "a value of type " + text;
      case "const" -> text;
      case "enum" -> "one of " + text;
      case "minimum" -> text + " or more";
      case "exclusiveMinimum" -> "more than " + text;
      case "exclusiveMaximum" -> "less than " + text;
      case "maximum" -> text + " or less";
      case "minLength" -> "a text";
      case "pattern" -> "a text that matches " + text;
      default -> text + " or more elements";
    };
  }
}
