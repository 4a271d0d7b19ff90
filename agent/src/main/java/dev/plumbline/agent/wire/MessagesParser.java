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

  private static final String CONTINUES = "continue_final_message";
  private static final String OPENS = "add_generation_prompt";

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
    return new Prompt.Chat(parsed, continues(fields, parsed));
  }

  /**
   * Whether the answer goes on from the last message, as vLLM and SGLang have it: {@code
   * continue_final_message} true, and {@code add_generation_prompt}, which is true by default,
   * false.
   */
  private static boolean continues(Fields fields, List<ChatMessage> messages) {
    boolean continued = fields.flag(CONTINUES);
    boolean opened = fields.find(OPENS).isEmpty() || fields.flag(OPENS);
    if (continued == opened) {
      throw WireException.of(
          ErrorKind.INVALID_VALUE,
          continued ? CONTINUES : OPENS,
          continued
              ? "Invalid value for 'continue_final_message': cannot be used together with"
                  + " 'add_generation_prompt', which is true unless set; set it to false."
              : "Invalid value for 'add_generation_prompt': this server answers behind the"
                  + " assistant's header; leave it out, or set 'continue_final_message' to true.");
    }
    ChatMessage last = messages.get(messages.size() - 1);
    if (continued && (!last.role().equals("assistant") || last.content().isEmpty())) {
      throw WireException.of(
          ErrorKind.INVALID_VALUE,
          CONTINUES,
          "Invalid value for 'continue_final_message': wanted a last message of the assistant's"
              + " with a text to go on from, found "
              + (last.content().isEmpty() ? "an empty one" : "one of the " + last.role() + "'s")
              + ".");
    }
    return continued;
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
