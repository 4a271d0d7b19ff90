package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes one answer in the form its route asks for: whole, or as a stream of server-sent events.
 * Immutable; every method returns the bytes to send.
 */
public final class ReplyWriter {
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

  private final Route route;
  private final String id;
  private final String model;
  private final long createdSeconds;
  private final boolean announceUsage;

  /**
   * @param call the request that is being answered
   * @param exchangeId becomes part of the answer's id
   * @param createdSeconds Unix time
   */
  public ReplyWriter(GenerationCall call, String exchangeId, long createdSeconds) {
    this.route = call.route();
    this.id = (chat() ? "chatcmpl-" : "cmpl-") + Objects.requireNonNull(exchangeId, "exchangeId");
    this.model = call.model();
    this.createdSeconds = createdSeconds;
    this.announceUsage = call.includeUsage();
  }

  /**
   * The whole answer as one JSON object.
   *
   * @param ids of all of it, where they were asked for
   */
  public byte[] whole(String text, Finish finish, Usage usage, Optional<TokenIds> ids) {
    ObjectNode root = head(chat() ? "chat.completion" : "text_completion");
    ObjectNode choice = choice(root, Optional.of(finish));
    if (chat()) {
      choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
    } else {
      choice.put("text", text);
    }
    ids.ifPresent(told -> tell(told, root, choice));
    root.set("usage", usage.toNode());
    return Json.bytes(root);
  }

  /**
   * The first event: who speaks. Completions have none, so it is empty there.
   *
   * @param prompt its token ids, empty where they are not asked for
   */
  public byte[] first(List<Integer> prompt) {
    if (!chat()) {
      return new byte[0];
    }
    ObjectNode root = chunk();
    ObjectNode choice = choice(root, Optional.empty());
    choice.putObject("delta").put("role", "assistant").put("content", "");
    if (!prompt.isEmpty()) {
      tell(new TokenIds(prompt, List.of()), root, choice);
    }
    return event(root);
  }

  /**
   * An event with more text.
   *
   * @param ids that say it, where they were asked for
   */
  public byte[] delta(String text, Optional<TokenIds> ids) {
    ObjectNode root = chunk();
    ObjectNode choice = choice(root, Optional.empty());
    if (chat()) {
      choice.putObject("delta").put("content", text);
    } else {
      choice.put("text", text);
    }
    ids.ifPresent(told -> tell(told, root, choice));
    return event(root);
  }

  /**
   * The event that says why the text ends, followed by the usage event where it was asked for.
   *
   * @param ids that were not told yet, where they were asked for
   */
  public byte[] last(Finish finish, Usage usage, Optional<TokenIds> ids) {
    ObjectNode root = chunk();
    ObjectNode choice = choice(root, Optional.of(finish));
    if (chat()) {
      choice.putObject("delta");
    } else {
      choice.put("text", "");
    }
    ids.ifPresent(told -> tell(told, root, choice));
    return announceUsage ? join(event(root), usageEvent(usage)) : event(root);
  }

  /** {@code data: [DONE]}. */
  public static byte[] done() {
    return DONE.clone();
  }

  /** An error that comes after the status line has gone. */
  public static byte[] failure(WireError error) {
    return event(error.toNode());
  }

  /** A chat tells its prompt's ids at the top, a completion in its choice. */
  private void tell(TokenIds ids, ObjectNode root, ObjectNode choice) {
    if (!ids.prompt().isEmpty()) {
      ids.prompt().forEach((chat() ? root : choice).putArray("prompt_token_ids")::add);
    }
    ids.said().forEach(choice.putArray("token_ids")::add);
  }

  private byte[] usageEvent(Usage usage) {
    ObjectNode root = head(chat() ? "chat.completion.chunk" : "text_completion");
    root.putArray("choices");
    root.set("usage", usage.toNode());
    return event(root);
  }

  private boolean chat() {
    return route == Route.CHAT_COMPLETIONS;
  }

  private ObjectNode chunk() {
    ObjectNode root = head(chat() ? "chat.completion.chunk" : "text_completion");
    if (announceUsage) {
      root.putNull("usage");
    }
    return root;
  }

  private ObjectNode head(String object) {
    return Json.object()
        .put("id", id)
        .put("object", object)
        .put("created", createdSeconds)
        .put("model", model);
  }

  private static ObjectNode choice(ObjectNode root, Optional<Finish> finish) {
    ObjectNode choice = root.putArray("choices").addObject().put("index", 0).putNull("logprobs");
    return choice.put("finish_reason", finish.map(Finish::wire).orElse(null));
  }

  private static byte[] event(JsonNode node) {
    return join(
        "data: ".getBytes(StandardCharsets.UTF_8), join(Json.bytes(node), new byte[] {'\n', '\n'}));
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] all = java.util.Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }
}
