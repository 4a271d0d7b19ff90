package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.wire.Json;
import java.util.Optional;
import java.util.Set;

/** Content that may be a string or a list of typed parts. */
final class Parts {
  private Parts() {}

  /**
   * The text of a prompt's content, parts joined without a separator.
   *
   * @param types the types of parts that are text
   * @return nothing when a part is not text: such a prompt cannot be read again
   */
  static Optional<String> prompt(JsonNode content, Set<String> types, Unread unread) {
    if (content.isTextual()) {
      return Optional.of(content.textValue());
    }
    StringBuilder joined = new StringBuilder();
    for (JsonNode part : content) {
      if (!isText(part, types)) {
        unread.add("content." + part.path("type").asText("untyped"));
        return Optional.empty();
      }
      joined.append(part.isTextual() ? part.textValue() : part.path("text").asText());
    }
    return content.isArray() ? Optional.of(joined.toString()) : Optional.empty();
  }

  /** The text of an answer's content; parts that are not text are left out, and named. */
  static String answer(JsonNode content, Set<String> types, Choices into) {
    if (content.isTextual()) {
      return content.textValue();
    }
    if (!content.isArray() && !content.isNull() && !content.isMissingNode()) {
      into.fail();
    }
    StringBuilder joined = new StringBuilder();
    for (JsonNode part : content) {
      if (isText(part, types)) {
        joined.append(part.isTextual() ? part.textValue() : part.path("text").asText());
      } else if (part.path("type").asText().equals("thinking")) {
        into.reasoned();
      } else {
        into.unread().add("content." + part.path("type").asText("untyped"));
      }
    }
    return joined.toString();
  }

  private static boolean isText(JsonNode part, Set<String> types) {
    return part.isTextual() || types.contains(part.path("type").asText());
  }

  /** A tool call of an earlier turn, as text: name and arguments as one JSON object. */
  static String toolCall(JsonNode name, JsonNode arguments) {
    ObjectNode call = JsonNodeFactory.instance.objectNode().put("name", name.asText());
    JsonNode parsed =
        arguments.isTextual() ? Json.look(arguments.textValue()).orElse(arguments) : arguments;
    return call.set("arguments", parsed).toString();
  }

  /** Content and the calls after it, one a line. */
  static String joinCalls(String content, Iterable<String> calls) {
    StringBuilder joined = new StringBuilder(content);
    for (String call : calls) {
      joined.append(joined.length() == 0 ? "" : "\n").append(call);
    }
    return joined.toString();
  }
}
