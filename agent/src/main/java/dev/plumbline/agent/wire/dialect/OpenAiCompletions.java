package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Prompt;
import java.util.Optional;
import java.util.Set;

/** OpenAI's completions of raw text. A stream ends with {@code [DONE]}. */
final class OpenAiCompletions implements Dialect {
  @Override
  public Set<String> reads() {
    return Set.of("prompt", "echo");
  }

  @Override
  public Optional<Prompt> prompt(JsonNode call, Unread unread) {
    return ChatTurns.raw(call.path("prompt"), "prompt", unread);
  }

  @Override
  public boolean echoes(JsonNode call) {
    return call.path("echo").asBoolean();
  }

  @Override
  public void whole(JsonNode body, Choices into) {
    for (JsonNode choice : body.path("choices")) {
      if (!choice.path("text").isTextual() && !choice.path("text").isNull()) {
        into.fail();
      }
      into.add(choice.path("index").asInt(), choice.path("text").asText(""));
    }
    OpenAiChat.usage(body, into);
  }

  @Override
  public void event(JsonNode event, Choices into) {
    whole(event, into);
  }

  @Override
  public boolean ended(Choices seen) {
    return seen.done();
  }
}
