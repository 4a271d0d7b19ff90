package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code messages}: text only, four roles; anything else is refused with its path. */
final class MessagesParser {
  private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");
  private static final Set<String> KNOWN = Set.of("role", "content", "name");

  private MessagesParser() {}

  static Prompt parse(Fields fields) {
    JsonNode messages = fields.need("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw fields.wrong("messages", "a non-empty array", messages);
    }
    List<ChatMessage> parsed = new ArrayList<>();
    for (JsonNode message : messages) {
      parsed.add(message(message, "messages[" + parsed.size() + "]"));
    }
    return new Prompt.Chat(parsed);
  }

  private static ChatMessage message(JsonNode message, String path) {
    if (!(message instanceof ObjectNode node)) {
      throw WireException.of(
          ErrorKind.INVALID_VALUE, path, "Invalid value for '" + path + "': wanted an object.");
    }
    refuseExtras(node, path);
    Fields fields = new Fields(node, path + ".");
    String role = fields.needText("role");
    if (!ROLES.contains(role)) {
      throw WireException.of(
          ErrorKind.INVALID_VALUE,
          path + ".role",
          "Invalid value for '"
              + path
              + ".role': wanted one of system, developer, user, assistant.");
    }
    return new ChatMessage(role, content(fields));
  }

  private static void refuseExtras(ObjectNode node, String path) {
    node.fields()
        .forEachRemaining(
            field -> {
              if (!KNOWN.contains(field.getKey()) && !asksNothing(field.getValue())) {
                String at = path + "." + field.getKey();
                throw WireException.of(
                    ErrorKind.UNSUPPORTED_FIELD, at, "Unsupported parameter: '" + at + "'.");
              }
            });
  }

  /** Clients send back {@code "refusal": null} and {@code "tool_calls": []} with old answers. */
  private static boolean asksNothing(JsonNode value) {
    return value.isNull() || (value.isArray() && value.isEmpty());
  }

  private static String content(Fields fields) {
    JsonNode content = fields.need("content");
    if (content.isTextual()) {
      return content.textValue();
    }
    if (!content.isArray() || content.isEmpty()) {
      throw fields.wrong("content", "a string or an array of text parts", content);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < content.size(); i++) {
      text.append(part(content.get(i), fields.path("content[" + i + "]")));
    }
    return text.toString();
  }

  private static String part(JsonNode part, String path) {
    if (!part.path("type").asText().equals("text")) {
      throw WireException.of(
          ErrorKind.UNSUPPORTED_FIELD,
          path + ".type",
          "Unsupported value for '" + path + ".type': this server reads text parts only.");
    }
    if (!part.path("text").isTextual()) {
      throw WireException.of(
          ErrorKind.MISSING_FIELD,
          path + ".text",
          "Missing required parameter: '" + path + ".text'.");
    }
    return part.get("text").textValue();
  }
}
