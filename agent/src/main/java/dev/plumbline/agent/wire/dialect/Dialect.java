package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Prompt;
import java.util.Optional;
import java.util.Set;

/**
 * How a server writes requests and answers down. Implementations hold no state and are lenient:
 * what they do not know passes by, noted by name where it may carry text.
 *
 * <p>What is scored is what the model said to the user: content. Reasoning and the arguments of
 * tool calls are kept apart; that they were there is known.
 */
sealed interface Dialect
    permits OpenAiChat,
        OpenAiCompletions,
        OpenAiResponses,
        AnthropicMessages,
        SglangGenerate,
        LlamaCompletion,
        TgiGenerate,
        OipGenerate,
        OipInfer {

  /** The text the model was given; empty when not all of it is text, or not in this request. */
  Optional<Prompt> prompt(JsonNode call, Unread unread);

  /** The fields of a request that {@link #prompt} or {@link #echoes} has read. */
  Set<String> reads();

  /** Whether an answer may begin with the whole prompt. */
  default boolean echoes(JsonNode call) {
    return false;
  }

  /** Takes in an answer that is one JSON body; it has no {@code error}. */
  void whole(JsonNode body, Choices into);

  /** Takes in the JSON of one event of a stream; it has no {@code error}. */
  void event(JsonNode event, Choices into);

  /** Whether the events seen so far are a stream to its proper end. */
  boolean ended(Choices seen);
}
