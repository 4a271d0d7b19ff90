package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Prompt;
import java.util.Optional;
import java.util.Set;

/**
 * llama.cpp's own {@code /completion}. An event has what is new in {@code content}; the last one of
 * a choice has {@code stop} true, and no {@code [DONE]} follows. Several choices are a list, or
 * have an index.
 */
final class LlamaCompletion implements Dialect {
  @Override
  public Set<String> reads() {
    return Set.of("prompt");
  }

  @Override
  public Optional<Prompt> prompt(JsonNode call, Unread unread) {
    JsonNode prompt = call.path("prompt");
    if (prompt.path("multimodal_data").isEmpty() && prompt.path("prompt_string").isTextual()) {
      return Optional.of(new Prompt.Raw(prompt.path("prompt_string").textValue()));
    }
    return ChatTurns.raw(prompt, "prompt", unread);
  }

  @Override
  public void whole(JsonNode body, Choices into) {
    if (!body.isArray()) {
      take(body, 0, into);
      return;
    }
    for (int i = 0; i < body.size(); i++) {
      take(body.get(i), body.get(i).path("index").asInt(i), into);
    }
  }

  @Override
  public void event(JsonNode event, Choices into) {
    if (event.has("content")) {
      take(event, event.path("index").asInt(), into);
    }
  }

  private static void take(JsonNode piece, int index, Choices into) {
    if (!piece.path("content").isTextual()) {
      into.fail();
      return;
    }
    into.add(index, piece.path("content").textValue());
    into.tokens(index, piece.path("tokens_evaluated"), piece.path("tokens_predicted"));
    if (piece.path("stop").asBoolean()) {
      into.stop(index);
    }
  }

  @Override
  public boolean ended(Choices seen) {
    return seen.allStopped();
  }
}
