package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * A request turned into one for completions that goes on behind token ids: {@code "prompt":[ids]},
 * as vLLM and SGLang take it. What a chat template was told is in the ids already; how to sample is
 * carried over. A request that asks for anything else is none for this way: what completions cannot
 * say, or nobody here knows, would be lost without a word.
 */
final class ByIds {
  /** Of one name and meaning on both routes. */
  private static final Set<String> CARRIED =
      Set.of(
          "model",
          "stream",
          "stream_options",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "seed",
          "presence_penalty",
          "frequency_penalty",
          "repetition_penalty",
          "length_penalty",
          "logit_bias",
          "ignore_eos",
          "min_tokens",
          "stop_token_ids",
          "skip_special_tokens",
          "spaces_between_special_tokens",
          "user",
          "priority",
          "cache_salt",
          "lora_path",
          "vllm_xargs",
          "custom_params");

  /** Shapes the prompt, or is the caller's own; the answer from here on does not depend on it. */
  private static final Set<String> SPENT =
      Set.of(
          "messages",
          "prompt",
          "max_tokens",
          "max_completion_tokens",
          "add_generation_prompt",
          "continue_final_message",
          "add_special_tokens",
          "chat_template",
          "chat_template_kwargs",
          "documents",
          "return_token_ids",
          "metadata",
          "store",
          "service_tier",
          "safety_identifier",
          "prompt_cache_key",
          "parallel_tool_calls");

  private ByIds() {}

  /** Whether a request says nothing that this way could not. */
  static boolean fits(ObjectNode call) {
    for (Iterator<Map.Entry<String, JsonNode>> it = call.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      String name = field.getKey();
      if (!CARRIED.contains(name) && !SPENT.contains(name) && asks(name, field.getValue())) {
        return false;
      }
    }
    return textOnly(call.path("messages"));
  }

  /** A server with stop strings holds text back that its ids have said. */
  private static boolean asks(String name, JsonNode value) {
    boolean empty = value.isNull() || (value.isContainerNode() && value.isEmpty());
    return switch (name) {
      case "n", "best_of" -> !empty && value.asInt() != 1;
      case "logprobs", "echo" -> !empty && !(value.isBoolean() && !value.booleanValue());
      case "top_logprobs" -> !empty && value.asInt(1) != 0;
      case "tool_choice", "function_call" -> !empty && !value.asText().matches("none|auto");
      case "response_format" -> !empty && !value.path("type").asText().equals("text");
      default -> !empty;
    };
  }

  /** An image is more than the ids that hold its place. */
  private static boolean textOnly(JsonNode messages) {
    for (JsonNode message : messages) {
      for (JsonNode part : message.path("content")) {
        if (!part.path("type").asText().equals("text")) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The request.
   *
   * @param bounded a copy of the client's, its bounds less what has been said
   * @param ids prompt and answer so far
   */
  static ObjectNode body(ObjectNode bounded, int[] ids, boolean chat) {
    ObjectNode next = bounded.deepCopy().retain(CARRIED);
    ArrayNode prompt = next.putArray("prompt");
    for (int id : ids) {
      prompt.add(id);
    }
    JsonNode most =
        bounded.hasNonNull("max_completion_tokens")
            ? bounded.get("max_completion_tokens")
            : bounded.path("max_tokens");
    if (most.isInt()) {
      next.set("max_tokens", most);
    } else if (chat) {
      // Completions end after 16 tokens unless told otherwise; null leaves it to the context.
      next.putNull("max_tokens");
    }
    return next.put("return_token_ids", true);
  }
}
