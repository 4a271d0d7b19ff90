package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;

/**
 * The request that has a server go on with an answer it, or another one, has begun. Immutable.
 *
 * <p>Chat: the partial answer is the last message, with {@code continue_final_message} true and
 * {@code add_generation_prompt} false (vLLM, SGLang, a Plumbline agent), or by itself (llama.cpp
 * continues a last message of the assistant's). Completions: the text stands behind the prompt.
 * Nothing kept: the request as it was.
 */
public final class Continuation {
  /** Why an answer cannot be continued. */
  public enum Obstacle {
    /** The request cannot be read, or names no text to go on from. */
    UNREADABLE,
    /** More than one choice: each would be a stream of its own. */
    CHOICES,
    /** The answer so far is more than text: tool calls or reasoning. */
    NOT_TEXT,
    /** What is to come depends on what was said in a form that cannot be taken up in its middle. */
    FORMAT
  }

  /** Each has its answer follow a form, which a server begins anew with a continuation. */
  private static final List<String> GUIDED =
      List.of(
          "guided_json",
          "guided_regex",
          "guided_choice",
          "guided_grammar",
          "structured_outputs",
          "grammar",
          "json_schema",
          "regex",
          "ebnf",
          "structural_tag");

  private static final List<String> BOUNDS =
      List.of("max_completion_tokens", "max_tokens", "n_predict");

  private final Route route;
  private final ObjectNode call;

  private Continuation(Route route, ObjectNode call) {
    this.route = route;
    this.call = call;
  }

  /** Of a request to a route whose answers can be put together; empty for no JSON object. */
  public static Optional<Continuation> of(Route route, byte[] request) {
    return Json.look(request)
        .filter(ObjectNode.class::isInstance)
        .filter(node -> Stitcher.stitches(route))
        .map(node -> new Continuation(route, (ObjectNode) node));
  }

  /** Whether its answer can be taken up behind any of its text. */
  public boolean fromAnywhere() {
    return obstacleAnywhere().isEmpty();
  }

  /** What is in the way of that; empty for nothing. */
  public Optional<Obstacle> obstacleAnywhere() {
    return obstacle(" ");
  }

  /** What is in the way of going on from a text; empty for nothing. */
  public Optional<Obstacle> obstacle(String kept) {
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    if (call.path("n").asInt(1) != 1 || call.path("best_of").asInt(1) != 1) {
      return Optional.of(Obstacle.CHOICES);
    }
    String format = call.path("response_format").path("type").asText("text");
    if (GUIDED.stream().anyMatch(call::hasNonNull) || !format.equals("text")) {
      return Optional.of(Obstacle.FORMAT);
    }
    boolean text = chat() ? call.path("messages").isArray() : prompt().isPresent();
    boolean echoed = call.path("echo").asBoolean();
    return text && !echoed ? Optional.empty() : Optional.of(Obstacle.UNREADABLE);
  }

  /** Tokens the answer may still have after so many; empty where the client set no bound. */
  public Optional<Integer> left(int delivered) {
    return bound().map(most -> most - delivered);
  }

  private Optional<Integer> bound() {
    for (String name : BOUNDS) {
      if (call.path(name).isInt() && call.path(name).intValue() > 0) {
        return Optional.of(call.path(name).intValue());
      }
    }
    return Optional.empty();
  }

  /** Whether the client wants token counts at the end of a stream. */
  public boolean counts() {
    return call.path("stream_options").path("include_usage").asBoolean();
  }

  /**
   * The body to send.
   *
   * @param kept text the answer begins with
   * @param tokens in it
   * @param prefills the server continues a last message of the assistant's by itself
   */
  public ObjectNode body(String kept, int tokens, boolean prefills) {
    ObjectNode next = bounded(tokens);
    if (kept.isEmpty()) {
      return next;
    }
    if (chat()) {
      goOn(next, kept, prefills);
    } else {
      next.put("prompt", prompt().orElseThrow() + kept);
    }
    return next;
  }

  /** Whether it could also go on behind token ids: it asks for nothing that would be lost there. */
  public boolean fitsIds() {
    return fromAnywhere() && ByIds.fits(call);
  }

  /** Whether the client itself asked for token ids. */
  public boolean asksIds() {
    return call.path("return_token_ids").asBoolean();
  }

  /** Whether the answer is to be a stream. */
  public boolean streams() {
    return call.path("stream").asBoolean();
  }

  /**
   * The body to send to the completions of the same server, to go on behind token ids.
   *
   * @param ids of the prompt and of the answer so far
   * @param tokens of the answer so far
   */
  public ObjectNode behind(int[] ids, int tokens) {
    return ByIds.body(bounded(tokens), ids, chat());
  }

  private ObjectNode bounded(int tokens) {
    ObjectNode next = call.deepCopy();
    for (String name : BOUNDS) {
      if (next.path(name).isInt() && next.path(name).intValue() > 0) {
        next.put(name, Math.max(1, next.path(name).intValue() - tokens));
      }
    }
    if (next.path("min_tokens").isInt()) {
      next.put("min_tokens", Math.max(0, next.path("min_tokens").intValue() - tokens));
    }
    return next;
  }

  private static void goOn(ObjectNode next, String kept, boolean prefills) {
    ArrayNode messages = (ArrayNode) next.get("messages");
    JsonNode last = messages.path(messages.size() - 1);
    boolean begun = last instanceof ObjectNode && last.path("role").asText().equals("assistant");
    boolean continued = next.path("continue_final_message").asBoolean() || prefills;
    if (begun && continued && last.path("content") instanceof TextNode content) {
      ((ObjectNode) last).put("content", content.textValue() + kept);
    } else {
      messages.addObject().put("role", "assistant").put("content", kept);
    }
    if (!prefills) {
      next.put("continue_final_message", true).put("add_generation_prompt", false);
    }
  }

  private Optional<String> prompt() {
    JsonNode prompt = call.path("prompt");
    JsonNode only = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
    return only.isTextual() ? Optional.of(only.textValue()) : Optional.empty();
  }

  private boolean chat() {
    return route == Route.CHAT_COMPLETIONS;
  }
}
