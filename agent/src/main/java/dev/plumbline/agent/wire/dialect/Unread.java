package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The names of fields that may matter to a verdict and were not read. Names only, never values. */
final class Unread {
  private static final int MAX_NAMES = 16;

  private final SortedSet<String> names = new TreeSet<>();

  void add(String name) {
    if (names.size() < MAX_NAMES) {
      names.add(name);
    }
  }

  /** Notes each field that carries something and is not among the known ones. */
  void addFields(JsonNode object, Predicate<String> known) {
    for (Iterator<Map.Entry<String, JsonNode>> it = object.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      if (!known.test(field.getKey()) && says(field.getValue())) {
        add(field.getKey());
      }
    }
  }

  /** The same, but only of fields with text: where answers stand, nothing else can be text. */
  void addTexts(JsonNode object, Set<String> known, String where) {
    for (Iterator<Map.Entry<String, JsonNode>> it = object.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      boolean text = field.getValue().isTextual() && says(field.getValue());
      if (text && !known.contains(field.getKey())) {
        add(where + field.getKey());
      }
    }
  }

  SortedSet<String> names() {
    return names;
  }

  private static boolean says(JsonNode value) {
    boolean blank = value.isTextual() && value.textValue().isEmpty();
    boolean no = value.isBoolean() && !value.booleanValue();
    return !(value.isNull() || blank || no || (value.isContainerNode() && value.isEmpty()));
  }
}
