package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Ends a stream of Anthropic's messages: what is to be said goes on in the text block that is open,
 * else in one of its own. Not thread-safe.
 */
public final class MessagesEnd implements StreamEnd {
  private static final List<String> NAMES = List.of("id", "type", "role", "model", "usage");

  private ObjectNode message = Json.object();
  private ObjectNode usage;
  private boolean started;

  /** The block that is open, -1 for none. */
  private int open = -1;

  private boolean text;
  private int next;

  @Override
  public void saw(JsonNode event) {
    String type = event.path("type").asText();
    if (type.equals("message_start") && event.path("message") instanceof ObjectNode begun) {
      message = begun;
    } else if (type.equals("message_delta") && event.path("usage") instanceof ObjectNode counted) {
      usage = counted;
    }
  }

  @Override
  public void sent(JsonNode event) {
    switch (event.path("type").asText()) {
      case "message_start" -> started = true;
      case "content_block_start" -> {
        open = event.path("index").asInt();
        text = event.at("/content_block/type").asText().equals("text");
        next = open + 1;
      }
      case "content_block_stop" -> open = -1;
      default -> {} // Says nothing of where the stream stands.
    }
  }

  @Override
  public List<SseFrames.Frame> refuses(String said, Stand stand) {
    NamedEvents events = begun();
    if (open >= 0 && !text) {
      events.add("content_block_stop", Json.object().put("index", open));
      open = -1;
    }
    if (open < 0) {
      open = next;
      ObjectNode block = Json.object().put("index", open);
      block.putObject("content_block").put("type", "text").put("text", "");
      events.add("content_block_start", block);
    }
    ObjectNode delta = Json.object().put("index", open);
    delta.putObject("delta").put("type", "text_delta").put("text", said);
    events.add("content_block_delta", delta);
    return end(events, "refusal", stand);
  }

  @Override
  public List<SseFrames.Frame> ends(String reason, Stand stand) {
    return end(begun(), reason.equals("length") ? "max_tokens" : "refusal", stand);
  }

  private NamedEvents begun() {
    NamedEvents events = new NamedEvents(0);
    if (!started) {
      ObjectNode begun = Json.some(message, NAMES);
      begun.putArray("content");
      begun.putNull("stop_reason").putNull("stop_sequence");
      events.add("message_start", Json.object().set("message", begun));
    }
    return events;
  }

  private List<SseFrames.Frame> end(NamedEvents events, String reason, Stand stand) {
    if (open >= 0) {
      events.add("content_block_stop", Json.object().put("index", open));
    }
    ObjectNode ended = Json.object();
    ended.putObject("delta").put("stop_reason", reason).putNull("stop_sequence");
    ended.set("usage", usage == null ? Json.object().put("output_tokens", stand.tokens()) : usage);
    return events.add("message_delta", ended).add("message_stop", Json.object()).frames();
  }
}
