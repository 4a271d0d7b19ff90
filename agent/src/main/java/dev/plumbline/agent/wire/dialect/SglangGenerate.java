package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Prompt;
import java.util.Optional;
import java.util.Set;

/**
 * SGLang's {@code /generate}. Each event repeats all text so far; a stream ends with {@code
 * [DONE]}. With several samples a whole answer is a list, and events have an index.
 */
final class SglangGenerate implements Dialect {
  @Override
  public Set<String> reads() {
    return Set.of("text", "input_ids", "input_embeds", "image_data", "audio_data", "video_data");
  }

  @Override
  public Optional<Prompt> prompt(JsonNode call, Unread unread) {
    for (String other : new String[] {"image_data", "audio_data", "video_data"}) {
      if (call.hasNonNull(other)) {
        unread.add(other);
        return Optional.empty();
      }
    }
    return ChatTurns.raw(call.path("text"), "text", unread);
  }

  @Override
  public void whole(JsonNode body, Choices into) {
    if (!body.isArray()) {
      take(body, 0, into);
      return;
    }
    for (int i = 0; i < body.size(); i++) {
      take(body.get(i), i, into);
    }
  }

  @Override
  public void event(JsonNode event, Choices into) {
    take(event, event.path("index").asInt(), into);
  }

  private static void take(JsonNode sample, int index, Choices into) {
    if (!sample.path("text").isTextual()) {
      into.fail();
      return;
    }
    into.running(index, sample.path("text").textValue());
    JsonNode meta = sample.path("meta_info");
    into.tokens(index, meta.path("prompt_tokens"), meta.path("completion_tokens"));
  }

  @Override
  public boolean ended(Choices seen) {
    return seen.done();
  }
}
