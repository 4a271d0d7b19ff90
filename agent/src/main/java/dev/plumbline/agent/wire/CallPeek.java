package dev.plumbline.agent.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A look at a request that somebody else will answer: enough to score it, no judgement of the rest.
 *
 * @param model the model asked for, empty when there is none
 * @param prompt absent when it is not text (images, token ids) or not there
 */
public record CallPeek(String model, Optional<Prompt> prompt) {
  private static final JsonFactory TOKENS = Json.LENIENT.getFactory();

  /** Parses as much as can be; nothing when the body is no JSON object. */
  public static Optional<CallPeek> of(Route route, byte[] body) {
    try {
      JsonNode root = Json.LENIENT.readTree(body);
      if (root == null || !root.isObject()) {
        return Optional.empty();
      }
      Optional<Prompt> prompt =
          route == Route.CHAT_COMPLETIONS ? chat(root.path("messages")) : raw(root.path("prompt"));
      return Optional.of(new CallPeek(root.path("model").asText(""), prompt));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Only the model's name, by streaming over the top level: cheap enough for an event loop. */
  public static Optional<String> model(byte[] body) {
    try (JsonParser parser = TOKENS.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("model")) {
          return value == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Prompt> raw(JsonNode prompt) {
    JsonNode only = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
    return only.isTextual() ? Optional.of(new Prompt.Raw(only.textValue())) : Optional.empty();
  }

  private static Optional<Prompt> chat(JsonNode messages) {
    List<ChatMessage> turns = new ArrayList<>();
    for (JsonNode message : messages) {
      Optional<String> content = text(message.path("content"));
      if (content.isEmpty() || !message.path("role").isTextual()) {
        return Optional.empty();
      }
      turns.add(new ChatMessage(message.path("role").textValue(), content.get()));
    }
    return turns.isEmpty() ? Optional.empty() : Optional.of(new Prompt.Chat(turns));
  }

  private static Optional<String> text(JsonNode content) {
    if (content.isTextual()) {
      return Optional.of(content.textValue());
    }
    StringBuilder joined = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("type").asText().equals("text")) {
        return Optional.empty();
      }
      joined.append(part.path("text").asText());
    }
    return content.isArray() ? Optional.of(joined.toString()) : Optional.empty();
  }
}
