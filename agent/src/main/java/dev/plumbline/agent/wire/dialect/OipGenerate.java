package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Prompt;
import java.util.Optional;
import java.util.Set;

/**
 * Triton's generate extension: {@code text_input} to {@code text_output}. Events have what is new;
 * a stream has no mark at its end, so the end of the body is one. An error may come after status
 * 200. The backends put the prompt before the answer unless told not to.
 */
final class OipGenerate implements Dialect {
  @Override
  public Set<String> reads() {
    return Set.of("text_input", "image");
  }

  @Override
  public Optional<Prompt> prompt(JsonNode call, Unread unread) {
    if (call.hasNonNull("image")) {
      unread.add("image");
      return Optional.empty();
    }
    return ChatTurns.raw(call.path("text_input"), "text_input", unread);
  }

  @Override
  public boolean echoes(JsonNode call) {
    JsonNode below = call.path("parameters").path("exclude_input_in_output");
    return !call.path("exclude_input_in_output").asBoolean(below.asBoolean());
  }

  @Override
  public void whole(JsonNode body, Choices into) {
    JsonNode output = body.path("text_output");
    if (output.isTextual()) {
      into.add(0, output.textValue());
    }
    for (int i = 0; i < output.size(); i++) {
      into.add(i, output.get(i).asText(""));
    }
  }

  @Override
  public void event(JsonNode event, Choices into) {
    whole(event, into);
  }

  @Override
  public boolean ended(Choices seen) {
    return true;
  }
}
