package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Prompt;
import java.util.Optional;
import java.util.Set;

/**
 * TGI's {@code /generate} and {@code /generate_stream}, LoRAX's too. Events have one token each;
 * the last one has all text in {@code generated_text}, which then counts. With {@code best_of} the
 * other samples stand in the details, and are choices as well.
 */
final class TgiGenerate implements Dialect {
  @Override
  public Set<String> reads() {
    return Set.of("inputs");
  }

  @Override
  public Optional<Prompt> prompt(JsonNode call, Unread unread) {
    if (call.path("parameters").hasNonNull("adapter_id")) {
      unread.add("parameters.adapter_id");
    }
    return ChatTurns.raw(call.path("inputs"), "inputs", unread);
  }

  @Override
  public boolean echoes(JsonNode call) {
    return call.path("parameters").path("return_full_text").asBoolean();
  }

  @Override
  public void whole(JsonNode body, Choices into) {
    JsonNode answer = body.isArray() ? body.path(0) : body;
    if (!answer.path("generated_text").isTextual()) {
      into.fail();
      return;
    }
    into.add(0, answer.path("generated_text").textValue());
    usage(answer.path("details"), into);
    int index = 1;
    for (JsonNode other : answer.path("details").path("best_of_sequences")) {
      into.add(index++, other.path("generated_text").asText(""));
    }
  }

  @Override
  public void event(JsonNode event, Choices into) {
    if (event.path("generated_text").isTextual()) {
      into.set(0, event.path("generated_text").textValue());
      into.end();
    } else {
      JsonNode token = event.path("token");
      into.add(0, token.path("special").asBoolean() ? "" : token.path("text").asText(""));
    }
    usage(event.path("details"), into);
  }

  private static void usage(JsonNode details, Choices into) {
    into.tokens(0, details.path("input_length"), details.path("generated_tokens"));
  }

  @Override
  public boolean ended(Choices seen) {
    return seen.ended();
  }
}
