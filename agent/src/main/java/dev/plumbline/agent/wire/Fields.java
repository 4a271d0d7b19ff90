package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Typed reading of one JSON object; every complaint names the field. Null counts as absent. */
final class Fields {
  private final ObjectNode node;
  private final String prefix;

  Fields(ObjectNode node, String prefix) {
    this.node = node;
    this.prefix = prefix;
  }

  String path(String name) {
    return prefix + name;
  }

  Optional<JsonNode> find(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  /** Whether it is there, and null. */
  boolean isNull(String name) {
    return node.path(name).isNull();
  }

  JsonNode need(String name) {
    return find(name)
        .orElseThrow(
            () ->
                WireException.of(
                    ErrorKind.MISSING_FIELD,
                    path(name),
                    "Missing required parameter: '" + path(name) + "'."));
  }

  String needText(String name) {
    JsonNode value = need(name);
    if (!value.isTextual()) {
      throw wrong(name, "a string", value);
    }
    return value.textValue();
  }

  boolean flag(String name) {
    return find(name)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw wrong(name, "true or false", value);
              }
              return value.booleanValue();
            })
        .orElse(false);
  }

  OptionalInt positive(String name) {
    Optional<JsonNode> value = find(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!value.get().isIntegralNumber()
        || !value.get().canConvertToInt()
        || value.get().intValue() < 1) {
      throw wrong(name, "an integer of at least 1", value.get());
    }
    return OptionalInt.of(value.get().intValue());
  }

  OptionalLong integer(String name) {
    Optional<JsonNode> value = find(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!value.get().isIntegralNumber() || !value.get().canConvertToLong()) {
      throw wrong(name, "a 64-bit integer", value.get());
    }
    return OptionalLong.of(value.get().longValue());
  }

  /** A number in [low, high], or in (low, high] when {@code open}. */
  OptionalDouble number(String name, double low, double high, boolean open) {
    Optional<JsonNode> value = find(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    double found = value.get().doubleValue();
    boolean inside = (open ? found > low : found >= low) && found <= high;
    if (!value.get().isNumber() || !inside) {
      throw wrong(name, "a number in " + (open ? "(" : "[") + low + ", " + high + "]", value.get());
    }
    return OptionalDouble.of(found);
  }

  WireException wrong(String name, String wanted, JsonNode found) {
    return WireException.of(
        ErrorKind.INVALID_VALUE,
        path(name),
        "Invalid value for '"
            + path(name)
            + "': wanted "
            + wanted
            + ", found "
            + show(found)
            + ".");
  }

  /** Numbers and flags as they are; of text only its kind, since it may be somebody's prompt. */
  static String show(JsonNode node) {
    if (!node.isNumber() && !node.isBoolean()) {
      return "a JSON " + node.getNodeType().toString().toLowerCase(java.util.Locale.ROOT);
    }
    String text = node.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
