package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Ends a stream of OpenAI's responses: the part that is open is closed with the text that has gone
 * out, a refusal is a part behind it, and the response is {@code incomplete}. Not thread-safe.
 */
public final class ResponsesEnd implements StreamEnd {
  private static final List<String> NAMES =
      List.of(
          "id",
          "object",
          "created_at",
          "model",
          "usage",
          "tools",
          "tool_choice",
          "temperature",
          "top_p",
          "parallel_tool_calls",
          "metadata",
          "instructions",
          "max_output_tokens");

  private final ArrayNode output = Json.object().arrayNode();
  private final StringBuilder text = new StringBuilder();
  private ArrayNode parts = Json.object().arrayNode();
  private ObjectNode response = Json.object();
  private String item = "";
  private boolean started;
  private boolean itemOpen;
  private boolean partOpen;
  private int index;
  private int number;

  @Override
  public void saw(JsonNode event) {
    if (event.path("response") instanceof ObjectNode known) {
      response = known;
    }
  }

  @Override
  public void sent(JsonNode event) {
    number = Math.max(number, event.path("sequence_number").asInt(number - 1) + 1);
    switch (event.path("type").asText()) {
      case "response.created" -> started = true;
      case "response.output_item.added" -> began(event);
      case "response.content_part.added" -> partOpen = true;
      case "response.output_text.delta" -> {
        partOpen = true;
        text.append(event.path("delta").asText(""));
      }
      case "response.content_part.done" -> {
        parts.add(event.path("part"));
        closed();
      }
      case "response.output_item.done" -> {
        output.add(event.path("item"));
        itemOpen = false;
        index++;
      }
      default -> {} // Says nothing of where the stream stands.
    }
  }

  private void began(JsonNode event) {
    index = event.path("output_index").asInt(index);
    itemOpen = event.at("/item/type").asText().equals("message");
    item = event.at("/item/id").asText("");
    parts = Json.object().arrayNode();
  }

  private void closed() {
    partOpen = false;
    text.setLength(0);
  }

  @Override
  public List<SseFrames.Frame> refuses(String said, Stand stand) {
    NamedEvents events = begun();
    if (!itemOpen) {
      open(events);
    }
    closePart(events);
    events.add("response.content_part.added", part().set("part", refusal("")));
    events.add("response.refusal.delta", part().put("delta", said));
    events.add("response.refusal.done", part().put("refusal", said));
    closePart(events, refusal(said));
    return end(events, "content_filter");
  }

  @Override
  public List<SseFrames.Frame> ends(String reason, Stand stand) {
    NamedEvents events = begun();
    closePart(events);
    return end(events, reason.equals("length") ? "max_output_tokens" : reason);
  }

  private NamedEvents begun() {
    NamedEvents events = new NamedEvents(number);
    if (!started) {
      events.add("response.created", node("response", unfinished(response, "in_progress")));
    }
    return events;
  }

  private void open(NamedEvents events) {
    item = "msg_refusal";
    parts = Json.object().arrayNode();
    itemOpen = true;
    events.add("response.output_item.added", at().set("item", item("in_progress")));
  }

  private void closePart(NamedEvents events) {
    if (partOpen) {
      String said = text.toString();
      ObjectNode done = part().put("text", said);
      done.putArray("logprobs");
      events.add("response.output_text.done", done);
      ObjectNode whole = Json.object().put("type", "output_text").put("text", said);
      whole.putArray("annotations");
      closePart(events, whole);
      closed();
    }
  }

  private void closePart(NamedEvents events, ObjectNode part) {
    events.add("response.content_part.done", part().set("part", part));
    parts.add(part);
  }

  private List<SseFrames.Frame> end(NamedEvents events, String reason) {
    if (itemOpen) {
      ObjectNode ended = item("incomplete");
      events.add("response.output_item.done", at().set("item", ended));
      output.add(ended);
    }
    ObjectNode root = incomplete(response, reason);
    root.set("output", output);
    return events.add("response.incomplete", node("response", root)).frames();
  }

  private ObjectNode at() {
    return Json.object().put("output_index", index);
  }

  private ObjectNode part() {
    return at().put("item_id", item).put("content_index", parts.size());
  }

  private ObjectNode item(String status) {
    ObjectNode message =
        Json.object()
            .put("type", "message")
            .put("id", item)
            .put("role", "assistant")
            .put("status", status);
    message.set("content", parts.deepCopy());
    return message;
  }

  private static ObjectNode node(String name, JsonNode value) {
    return Json.object().set(name, value);
  }

  private static ObjectNode refusal(String said) {
    return Json.object().put("type", "refusal").put("refusal", said);
  }

  /** A whole response with nothing in it but a refusal. */
  static ObjectNode refused(JsonNode original, String said) {
    ResponsesEnd end = new ResponsesEnd();
    end.item = "msg_refusal";
    end.parts.add(refusal(said));
    ObjectNode root = incomplete(original, "content_filter");
    root.putArray("output").add(end.item("incomplete"));
    return root;
  }

  private static ObjectNode incomplete(JsonNode original, String reason) {
    ObjectNode root = unfinished(original, "incomplete");
    root.putObject("incomplete_details").put("reason", reason);
    return root;
  }

  private static ObjectNode unfinished(JsonNode original, String status) {
    ObjectNode root = Json.some(original, NAMES).put("status", status);
    root.putNull("error");
    root.putNull("incomplete_details");
    root.putArray("output");
    return root;
  }
}
