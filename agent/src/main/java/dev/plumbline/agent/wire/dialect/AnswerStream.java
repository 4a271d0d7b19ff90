package dev.plumbline.agent.wire.dialect;

import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.SseParser;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Follows an answer that comes as server-sent events, in pieces of any size. Nothing after {@code
 * [DONE]} is read, as no client reads it. Not thread-safe.
 */
public final class AnswerStream {
  private static final String DONE = "[DONE]";

  private final Dialect dialect;
  private final SseParser parser;
  private final UnaryOperator<Answer> finish;
  private final Choices choices = new Choices();

  AnswerStream(Dialect dialect, int maxEventBytes, UnaryOperator<Answer> finish) {
    this.dialect = dialect;
    this.parser = new SseParser(maxEventBytes);
    this.finish = finish;
  }

  /** Takes the next bytes. */
  public AnswerStream feed(byte[] bytes) {
    if (!choices.failed()) {
      events(bytes).forEach(this::event);
    }
    return this;
  }

  /** What has been said so far; nothing once the stream has shown to be no answer. */
  public Optional<Answer> soFar() {
    return choices.answer().map(finish);
  }

  /** What has been said by a stream that is over: nothing if it ended too early. */
  public Optional<Answer> end() {
    boolean proper = dialect.ended(choices) && !parser.pending();
    return proper ? soFar() : Optional.empty();
  }

  private List<String> events(byte[] bytes) {
    try {
      return parser.feed(bytes);
    } catch (IllegalStateException tooLong) {
      choices.fail();
      return List.of();
    }
  }

  private void event(String data) {
    if (choices.done()) {
      return;
    }
    if (data.equals(DONE)) {
      choices.finish();
      return;
    }
    Json.look(data)
        .filter(node -> node.isObject() && !node.hasNonNull("error"))
        .ifPresentOrElse(node -> dialect.event(node, choices), choices::fail);
  }
}
