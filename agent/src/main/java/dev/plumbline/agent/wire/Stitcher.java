package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one stream of several: what a second server, or the same one asked again, says next takes
 * the identity of the first stream. Chat completions and completions, in the forms of OpenAI, vLLM,
 * SGLang and llama.cpp. Not thread-safe.
 *
 * <p>The first stream's chunks go on as they came and are only {@linkplain #saw seen}. Of a further
 * stream each chunk gets the first one's {@code id}, {@code created}, {@code model} and {@code
 * system_fingerprint}; each choice's role is said once, and so are the prompt's token ids; token
 * counts are those of the whole: the prompt as the client gave it, the completion as the client got
 * it, so that the total stays the sum.
 */
public final class Stitcher implements StreamEnd {
  private static final List<String> IDENTITY =
      List.of("id", "created", "model", "system_fingerprint");

  private final boolean chat;
  private ObjectNode first;
  private final Set<Integer> rolesSaid = new HashSet<>();
  private boolean promptIdsSaid;
  private Optional<Integer> promptTokens = Optional.empty();

  /**
   * @param route chat completions or completions
   */
  public Stitcher(Route route) {
    this.chat = route == Route.CHAT_COMPLETIONS;
  }

  /** Whether streams of this route can be put together. */
  public static boolean stitches(Route route) {
    return route == Route.CHAT_COMPLETIONS || route == Route.COMPLETIONS;
  }

  @Override
  public void saw(JsonNode chunk) {
    if (first == null && chunk instanceof ObjectNode head) {
      first = identity(head);
    }
    JsonNode prompt = chunk.path("usage").path("prompt_tokens");
    if (prompt.isInt()) {
      promptTokens = Optional.of(prompt.intValue());
    }
  }

  @Override
  public void sent(JsonNode chunk) {
    promptIdsSaid |= chunk.hasNonNull("prompt_token_ids");
    for (JsonNode choice : chunk.path("choices")) {
      promptIdsSaid |= choice.hasNonNull("prompt_token_ids");
      if (choice.path("delta").has("role")) {
        rolesSaid.add(choice.path("index").asInt());
      }
    }
  }

  private static ObjectNode identity(ObjectNode chunk) {
    ObjectNode head = Json.object();
    for (String name : List.of("id", "object", "created", "model", "system_fingerprint")) {
      if (chunk.has(name)) {
        head.set(name, chunk.get(name));
      }
    }
    return head;
  }

  @Override
  public Optional<SseFrames.Frame> goesOn(JsonNode chunk, int before) {
    return next(chunk, before).map(Stitcher::frame);
  }

  /** A chunk of a further stream as it goes on; empty where nothing is left of it to say. */
  Optional<ObjectNode> next(JsonNode chunk, int before) {
    if (!(chunk instanceof ObjectNode original)) {
      return Optional.empty();
    }
    ObjectNode next = original.deepCopy();
    if (first == null) {
      first = identity(next);
    }
    for (String name : IDENTITY) {
      if (first.has(name)) {
        next.set(name, first.get(name));
      } else {
        next.remove(name);
      }
    }
    if (promptIdsSaid || before > 0) {
      dropPromptIds(next);
    }
    boolean says = usage(next, before);
    for (JsonNode choice : next.path("choices")) {
      says |= choice(choice);
    }
    return says ? Optional.of(next) : Optional.empty();
  }

  /** A continuation's prompt has the answer's beginning in it, and is none of the client's. */
  private static void dropPromptIds(ObjectNode chunk) {
    chunk.remove("prompt_token_ids");
    for (JsonNode choice : chunk.path("choices")) {
      if (choice instanceof ObjectNode said) {
        said.remove("prompt_token_ids");
      }
    }
  }

  /** Whether the choice says anything. */
  private boolean choice(JsonNode choice) {
    if (!(choice instanceof ObjectNode said)) {
      return false;
    }
    boolean finishes = said.path("finish_reason").isTextual();
    if (!chat) {
      return finishes || !said.path("text").asText("").isEmpty();
    }
    if (!(said.path("delta") instanceof ObjectNode delta)) {
      return finishes;
    }
    if (rolesSaid.contains(said.path("index").asInt())) {
      delta.remove("role");
    }
    return finishes || delta.has("role") || saysSomething(delta);
  }

  private static boolean saysSomething(ObjectNode delta) {
    for (JsonNode value : delta) {
      boolean blank = value.isNull() || (value instanceof TextNode t && t.textValue().isEmpty());
      if (!blank) {
        return true;
      }
    }
    return false;
  }

  /** Whether there are counts, which are then of the whole answer. */
  private boolean usage(ObjectNode chunk, int before) {
    if (!(chunk.path("usage") instanceof ObjectNode usage)) {
      return false;
    }
    whole(usage, promptTokens.orElse(-1), before);
    return true;
  }

  /**
   * Turns the counts of a continuation into those of the whole.
   *
   * @param prompt tokens of the client's prompt; -1 where only the continuation's are known, of
   *     which the kept ones are a part
   * @param before completion tokens that came before it
   */
  static void whole(ObjectNode usage, int prompt, int before) {
    int read = usage.path("prompt_tokens").asInt();
    int prompted = prompt >= 0 ? prompt : Math.max(0, read - before);
    int written = before + usage.path("completion_tokens").asInt();
    usage.put("prompt_tokens", prompted);
    usage.put("completion_tokens", written);
    usage.put("total_tokens", prompted + written);
    usage.remove("prompt_tokens_details");
  }

  @Override
  public List<SseFrames.Frame> refuses(String text, Stand stand) {
    List<SseFrames.Frame> all = new ArrayList<>();
    stand.open().forEach(choice -> all.add(refuses(choice, text)));
    all.addAll(ends("content_filter", stand));
    return all;
  }

  @Override
  public List<SseFrames.Frame> ends(String reason, Stand stand) {
    List<SseFrames.Frame> all = new ArrayList<>();
    stand.open().forEach(choice -> all.add(ends(choice, reason)));
    if (stand.counts()) {
      counts(stand.tokens()).ifPresent(all::add);
    }
    all.add(done());
    return all;
  }

  /** An event with a refusal, the agent's own, for a choice. */
  private SseFrames.Frame refuses(int index, String text) {
    ObjectNode chunk = chunk();
    ObjectNode choice = choiceOf(chunk, index);
    if (chat) {
      ObjectNode delta = choice.putObject("delta");
      if (rolesSaid.add(index)) {
        delta.put("role", "assistant");
      }
      delta.put("content", text).put("refusal", text);
    } else {
      choice.put("text", text);
    }
    choice.putNull("logprobs").putNull("finish_reason");
    return frame(chunk);
  }

  /**
   * The event that ends a choice.
   *
   * @param reason {@code content_filter}, {@code length}, ...
   */
  private SseFrames.Frame ends(int choice, String reason) {
    ObjectNode chunk = chunk();
    ObjectNode ended = choiceOf(chunk, choice);
    if (chat) {
      ended.putObject("delta");
    } else {
      ended.put("text", "");
    }
    ended.putNull("logprobs").put("finish_reason", reason);
    return frame(chunk);
  }

  /** The event with the counts, where they are known; to be sent where the client asked for it. */
  private Optional<SseFrames.Frame> counts(int completionTokens) {
    return promptTokens.map(
        prompt -> {
          ObjectNode chunk = chunk();
          chunk.putArray("choices");
          chunk.set("usage", new Usage(prompt, completionTokens).toNode());
          return frame(chunk);
        });
  }

  /** {@code data: [DONE]}. */
  private static SseFrames.Frame done() {
    return new SseFrames.Frame(SseFrames.write(SseFrames.DONE), SseFrames.DONE);
  }

  /** A chunk as an event. */
  private static SseFrames.Frame frame(ObjectNode chunk) {
    String data = chunk.toString();
    return new SseFrames.Frame(SseFrames.write(data), data);
  }

  private ObjectNode chunk() {
    if (first == null) {
      return Json.object().put("object", chat ? "chat.completion.chunk" : "text_completion");
    }
    return first.deepCopy();
  }

  private static ObjectNode choiceOf(ObjectNode chunk, int index) {
    return chunk.putArray("choices").addObject().put("index", index);
  }
}
