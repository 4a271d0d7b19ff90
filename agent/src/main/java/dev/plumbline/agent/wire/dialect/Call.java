package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.agent.wire.Route;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * A request that somebody else will answer, understood as far as scoring needs it, and with it the
 * way to understand the answer. Immutable.
 */
public final class Call {
  private final Dialect dialect;
  private final Optional<Prompt> prompt;
  private final boolean echoes;
  private final SortedSet<String> unread;

  private Call(Dialect dialect, JsonNode body) {
    Unread names = new Unread();
    this.dialect = dialect;
    this.prompt = dialect.prompt(body, names);
    this.echoes = dialect.echoes(body);
    Set<String> read = dialect.reads();
    names.addFields(body, name -> read.contains(name) || HarmlessFields.NAMES.contains(name));
    this.unread = Collections.unmodifiableSortedSet(names.names());
  }

  /** Parses as much as can be; nothing when the body is no JSON object or of no known dialect. */
  public static Optional<Call> of(Route route, byte[] body) {
    return Json.look(body)
        .filter(JsonNode::isObject)
        .flatMap(root -> dialect(route, root).map(dialect -> new Call(dialect, root)));
  }

  private static Optional<Dialect> dialect(Route route, JsonNode body) {
    return Optional.ofNullable(
        switch (route) {
          case CHAT_COMPLETIONS -> new OpenAiChat();
          case COMPLETIONS -> new OpenAiCompletions();
          case RESPONSES -> new OpenAiResponses();
          case MESSAGES -> new AnthropicMessages();
          case GENERATE -> generate(body);
          case GENERATE_STREAM -> new TgiGenerate();
          case COMPLETION -> new LlamaCompletion();
          case OIP_GENERATE, OIP_GENERATE_STREAM -> new OipGenerate();
          case OIP_INFER -> new OipInfer();
          case OIP_GRPC_INFER, OIP_GRPC_STREAM_INFER, MODELS, OTHER -> null;
        });
  }

  /** Two servers share a path; only their requests differ. */
  private static Dialect generate(JsonNode body) {
    if (body.has("inputs")) {
      return new TgiGenerate();
    }
    boolean sglang = body.has("text") || body.has("input_ids") || body.has("input_embeds");
    return sglang ? new SglangGenerate() : null;
  }

  /** What was asked; absent when it is not text (images, token ids) or not in this request. */
  public Optional<Prompt> prompt() {
    return prompt;
  }

  /** Names of request fields that may matter to a verdict and were not read. */
  public SortedSet<String> unread() {
    return unread;
  }

  /** Of one JSON body. */
  public Optional<Answer> answer(byte[] body) {
    Choices choices = new Choices();
    Json.look(body)
        .filter(root -> !root.hasNonNull("error"))
        .ifPresent(root -> dialect.whole(root, choices));
    return choices.answer().map(this::saidAnew);
  }

  /**
   * A reader for a stream.
   *
   * @param maxEventBytes a stream with a longer event is no answer
   */
  public AnswerStream stream(int maxEventBytes) {
    return new AnswerStream(dialect, maxEventBytes, this::saidAnew);
  }

  private Answer saidAnew(Answer answer) {
    return echoes && prompt.orElse(null) instanceof Prompt.Raw raw
        ? answer.without(raw.text())
        : answer;
  }
}
