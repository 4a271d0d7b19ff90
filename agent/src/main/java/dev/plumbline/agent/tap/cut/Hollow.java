package dev.plumbline.agent.tap.cut;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Whether an event says nothing once something was cut out of it: then the origin sent it only for
 * the tap's sake, and an undecorated exchange would not have had it.
 */
final class Hollow {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What every event of a stream repeats. */
  private static final Set<String> REPEATED =
      Set.of("id", "object", "created", "model", "system_fingerprint", "service_tier");

  private static final Set<String> CHOICE_FRAME = Set.of("index", "matched_stop");

  private Hollow() {}

  static boolean is(byte[] data) {
    try {
      JsonNode event = MAPPER.readTree(data);
      return event != null && event.isObject() && saysNothing(event);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean saysNothing(JsonNode event) {
    for (Iterator<Map.Entry<String, JsonNode>> it = event.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      boolean nothing =
          field.getKey().equals("choices")
              ? choicesSayNothing(field.getValue())
              : REPEATED.contains(field.getKey()) || empty(field.getValue());
      if (!nothing) {
        return false;
      }
    }
    return true;
  }

  private static boolean choicesSayNothing(JsonNode choices) {
    for (JsonNode choice : choices) {
      for (Iterator<Map.Entry<String, JsonNode>> it = choice.fields(); it.hasNext(); ) {
        Map.Entry<String, JsonNode> field = it.next();
        if (!CHOICE_FRAME.contains(field.getKey()) && !empty(field.getValue())) {
          return false;
        }
      }
    }
    return choices.isArray();
  }

  /** Null, or a container of nothing else; an empty text is something a client may wait for. */
  private static boolean empty(JsonNode node) {
    if (node.isContainerNode()) {
      for (JsonNode child : node) {
        if (!empty(child)) {
          return false;
        }
      }
      return true;
    }
    return node.isNull();
  }
}
