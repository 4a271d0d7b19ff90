package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Events of a stream of completions in the form of chat completions: {@code text} becomes {@code
 * delta.content}; names, indices, ids, reasons and counts stay.
 */
public final class ChatForm {
  private ChatForm() {}

  /** The same event for a chat; one that is no chunk as it is. */
  public static SseFrames.Frame of(SseFrames.Frame frame) {
    JsonNode chunk = frame.data().isEmpty() ? null : Json.look(frame.data()).orElse(null);
    if (!(chunk instanceof ObjectNode said) || !said.path("choices").isArray()) {
      return frame;
    }
    said.put("object", "chat.completion.chunk");
    for (JsonNode choice : said.path("choices")) {
      if (choice instanceof ObjectNode one) {
        String text = one.path("text").asText("");
        one.remove("text");
        one.putObject("delta").put("content", text);
      }
    }
    String data = said.toString();
    return new SseFrames.Frame(SseFrames.write(data), data);
  }
}
