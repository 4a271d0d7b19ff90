package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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
  private static final int MOST_CHOICES = 128;
  private static final List<String> OPENAI =
      List.of("id", "object", "created", "model", "system_fingerprint", "usage");
  private static final List<String> ANTHROPIC = List.of("id", "type", "role", "model", "usage");
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
          case RESPONSES -> ResponsesEnd.refused(original, text);
          default -> completion(original);
        });
  }

  /**
   * In the place of a whole stream.
   *
   * @param answer as the origin gave it, not encoded
   */
  public byte[] stream(byte[] answer) {
    StreamEnd end = StreamEnd.of(route).orElseThrow();
    int choices = 1;
    int written = 0;
    boolean counted = false;
    for (String data : new SseParser(answer.length + 1).feed(answer)) {
      JsonNode event = Json.look(data).orElse(MissingNode.getInstance());
      end.saw(event);
      for (JsonNode choice : event.path("choices")) {
        choices = Math.max(choices, Math.min(MOST_CHOICES, choice.path("index").asInt() + 1));
      }
      JsonNode usage = event.path("usage");
      counted |= usage.isObject();
      written = Math.max(written, usage.path("completion_tokens").asInt());
    }
    List<Integer> open = IntStream.range(0, choices).boxed().toList();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    end.refuses(text, new StreamEnd.Stand(open, written, counted))
        .forEach(frame -> all.writeBytes(frame.raw()));
    return all.toByteArray();
  }

  private static ObjectNode object(Optional<JsonNode> body) {
    return body.filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .orElseGet(Json::object);
  }

  private ObjectNode completion(ObjectNode original) {
    ObjectNode root = Json.some(original, OPENAI);
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

  private ObjectNode message(JsonNode original) {
    ObjectNode root = Json.some(original, ANTHROPIC);
    root.putArray("content").addObject().put("type", "text").put("text", text);
    return root.put("stop_reason", "refusal").putNull("stop_sequence");
  }
}
