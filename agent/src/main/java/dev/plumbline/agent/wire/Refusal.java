package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/**
 * A refusal in the form of the answer whose place it takes. Of that answer only names and counts
 * are kept, by a list: no byte of its text.
 *
 * <ul>
 *   <li>Chat completions and completions: the text, {@code finish_reason: content_filter}.
 *   <li>Anthropic's messages: a text block, {@code stop_reason: refusal}.
 *   <li>Responses: a part of type {@code refusal}, {@code status: incomplete}, {@code
 *       incomplete_details.reason: content_filter}.
 * </ul>
 */
public final class Refusal {
  private static final List<String> OPENAI =
      List.of("id", "object", "created", "model", "system_fingerprint", "usage");
  private static final List<String> ANTHROPIC = List.of("id", "type", "role", "model", "usage");
  private static final List<String> RESPONSE =
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

  private final Route route;
  private final String text;

  /**
   * @param route see {@link #knows}
   * @param text for the user
   */
  public Refusal(Route route, String text) {
    this.route = route;
    this.text = text;
  }

  /** Whether a refusal has a form on this route; elsewhere an error takes the answer's place. */
  public static boolean knows(Route route) {
    return switch (route) {
      case CHAT_COMPLETIONS, COMPLETIONS, MESSAGES, RESPONSES -> true;
      default -> false;
    };
  }

  /** The error where there is no form. */
  public WireError error() {
    return WireError.of(ErrorKind.REFUSED, text);
  }

  /**
   * In the place of an answer that is one JSON body.
   *
   * @param answer as the origin gave it; only names and counts of it are used
   */
  public byte[] whole(byte[] answer) {
    ObjectNode original = object(Json.look(answer));
    return Json.bytes(
        switch (route) {
          case MESSAGES -> message(original);
          case RESPONSES -> response(original);
          default -> completion(original);
        });
  }

  /**
   * In the place of a whole stream.
   *
   * @param answer as the origin gave it, not encoded
   */
  public byte[] stream(byte[] answer) {
    List<ObjectNode> events =
        events(answer).stream()
            .flatMap(data -> Json.look(data).stream())
            .filter(ObjectNode.class::isInstance)
            .map(ObjectNode.class::cast)
            .toList();
    return switch (route) {
      case MESSAGES -> messageStream(events);
      case RESPONSES -> responseStream(events);
      default -> completionStream(events);
    };
  }

  private static List<String> events(byte[] answer) {
    return new SseParser(answer.length + 1).feed(answer);
  }

  private static ObjectNode object(Optional<JsonNode> body) {
    return body.filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .orElseGet(Json::object);
  }

  private static ObjectNode some(JsonNode of, List<String> names) {
    ObjectNode kept = Json.object();
    for (String name : names) {
      if (of.has(name)) {
        kept.set(name, of.get(name));
      }
    }
    return kept;
  }

  private ObjectNode completion(ObjectNode original) {
    ObjectNode root = some(original, OPENAI);
    ArrayNode choices = root.putArray("choices");
    int count = Math.max(1, original.path("choices").size());
    for (int i = 0; i < count; i++) {
      ObjectNode choice = choices.addObject().put("index", i);
      if (route == Route.CHAT_COMPLETIONS) {
        choice
            .putObject("message")
            .put("role", "assistant")
            .put("content", text)
            .put("refusal", text);
      } else {
        choice.put("text", text);
      }
      choice.putNull("logprobs").put("finish_reason", "content_filter");
    }
    return root;
  }

  private byte[] completionStream(List<ObjectNode> events) {
    Stitcher stitcher = new Stitcher(route);
    events.forEach(stitcher::saw);
    int choices = 1;
    boolean counted = false;
    int written = 0;
    for (ObjectNode event : events) {
      for (JsonNode choice : event.path("choices")) {
        choices = Math.max(choices, Math.min(128, choice.path("index").asInt() + 1));
      }
      JsonNode usage = event.path("usage");
      counted |= usage.isObject();
      written = Math.max(written, usage.path("completion_tokens").asInt());
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < choices; i++) {
      all.writeBytes(stitcher.refuses(i, text).raw());
      all.writeBytes(stitcher.ends(i, "content_filter").raw());
    }
    if (counted) {
      stitcher.counts(written).ifPresent(frame -> all.writeBytes(frame.raw()));
    }
    all.writeBytes(Stitcher.done().raw());
    return all.toByteArray();
  }

  private ObjectNode message(JsonNode original) {
    ObjectNode root = some(original, ANTHROPIC);
    root.putArray("content").addObject().put("type", "text").put("text", text);
    return root.put("stop_reason", "refusal").putNull("stop_sequence");
  }

  private byte[] messageStream(List<ObjectNode> events) {
    JsonNode started = first(events, "message_start").path("message");
    JsonNode usage = first(events, "message_delta").path("usage");
    ObjectNode start = some(started, ANTHROPIC);
    start.putArray("content");
    start.putNull("stop_reason").putNull("stop_sequence");
    ObjectNode ended = Json.object();
    ended.putObject("delta").put("stop_reason", "refusal").putNull("stop_sequence");
    ended.set("usage", usage.isObject() ? usage : Json.object().put("output_tokens", 0));
    Named all = new Named();
    all.add("message_start", node("message", start));
    ObjectNode block = Json.object().put("index", 0);
    block.putObject("content_block").put("type", "text").put("text", "");
    all.add("content_block_start", block);
    ObjectNode delta = Json.object().put("index", 0);
    delta.putObject("delta").put("type", "text_delta").put("text", text);
    all.add("content_block_delta", delta);
    all.add("content_block_stop", Json.object().put("index", 0));
    all.add("message_delta", ended);
    all.add("message_stop", Json.object());
    return all.bytes();
  }

  private static ObjectNode node(String name, JsonNode value) {
    return Json.object().set(name, value);
  }

  private static JsonNode first(List<ObjectNode> events, String type) {
    return events.stream()
        .filter(event -> event.path("type").asText().equals(type))
        .findFirst()
        .orElseGet(Json::object);
  }

  private ObjectNode response(JsonNode original) {
    ObjectNode root = unfinished(original, "incomplete");
    root.putObject("incomplete_details").put("reason", "content_filter");
    root.putArray("output").add(item("incomplete", part(text)));
    return root;
  }

  private static ObjectNode unfinished(JsonNode original, String status) {
    ObjectNode root = some(original, RESPONSE).put("status", status);
    root.putNull("error");
    root.putNull("incomplete_details");
    root.putArray("output");
    return root;
  }

  private static ObjectNode part(String said) {
    return Json.object().put("type", "refusal").put("refusal", said);
  }

  private static ObjectNode item(String status, JsonNode... parts) {
    ObjectNode item =
        Json.object()
            .put("type", "message")
            .put("id", "msg_refusal")
            .put("role", "assistant")
            .put("status", status);
    ArrayNode content = item.putArray("content");
    for (JsonNode part : parts) {
      content.add(part);
    }
    return item;
  }

  private byte[] responseStream(List<ObjectNode> events) {
    JsonNode begun = first(events, "response.created").path("response");
    JsonNode ended = first(events, "response.completed").path("response");
    JsonNode known = ended.isObject() ? ended : begun;
    Named all = new Named();
    all.add("response.created", node("response", unfinished(known, "in_progress")));
    all.add("response.output_item.added", at(false).set("item", item("in_progress")));
    all.add("response.content_part.added", at(true).set("part", part("")));
    all.add("response.refusal.delta", at(true).put("delta", text));
    all.add("response.refusal.done", at(true).put("refusal", text));
    all.add("response.content_part.done", at(true).set("part", part(text)));
    all.add("response.output_item.done", at(false).set("item", item("incomplete", part(text))));
    all.add("response.incomplete", node("response", response(known)));
    return all.bytes();
  }

  private static ObjectNode at(boolean inPart) {
    ObjectNode at = JsonNodeFactory.instance.objectNode().put("output_index", 0);
    return inPart ? at.put("item_id", "msg_refusal").put("content_index", 0) : at;
  }

  /** Events that also have their type's name on a line of its own, and are counted. */
  private static final class Named {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private int count;

    void add(String type, JsonNode fields) {
      ObjectNode event = Json.object().put("type", type);
      event.setAll((ObjectNode) fields);
      if (type.startsWith("response.")) {
        event.put("sequence_number", count);
      }
      count++;
      all.writeBytes(
          ("event: " + type + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      all.writeBytes(SseFrames.write(event.toString()));
    }

    byte[] bytes() {
      return all.toByteArray();
    }
  }
}
