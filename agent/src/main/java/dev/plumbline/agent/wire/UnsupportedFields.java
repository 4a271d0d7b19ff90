package dev.plumbline.agent.wire;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The fields the embedded origin does not act on. A field is either honoured, or harmless, or has a
 * value that asks for nothing; everything else is refused by name, because a server that ignores
 * what it was asked gives an answer to another question.
 */
final class UnsupportedFields {
  private static final Set<String> HONOURED =
      Set.of(
          "model",
          "messages",
          "prompt",
          "max_tokens",
          "max_completion_tokens",
          "temperature",
          "top_p",
          "seed",
          "stop",
          "continue_final_message",
          "add_generation_prompt",
          "stream",
          "stream_options",
          "return_token_ids");

  /** Bookkeeping of the caller; no answer depends on them. */
  private static final Set<String> HARMLESS =
      Set.of("user", "metadata", "safety_identifier", "prompt_cache_key");

  /** Known fields, each with the values that ask for nothing. */
  private static final Map<String, Predicate<JsonNode>> NEUTRAL =
      Map.ofEntries(
          entry("n", value -> value.isIntegralNumber() && value.intValue() == 1),
          entry("best_of", value -> value.isIntegralNumber() && value.intValue() == 1),
          entry("store", UnsupportedFields::isFalse),
          entry("echo", UnsupportedFields::isFalse),
          entry("frequency_penalty", UnsupportedFields::isZero),
          entry("presence_penalty", UnsupportedFields::isZero),
          entry("top_logprobs", UnsupportedFields::isZero),
          entry("logprobs", UnsupportedFields::isFalse),
          entry("logit_bias", JsonNode::isEmpty),
          entry("tools", value -> value.isArray() && value.isEmpty()),
          entry("functions", value -> value.isArray() && value.isEmpty()),
          entry("tool_choice", value -> value.asText().equals("none")),
          entry("function_call", value -> value.asText().equals("none")),
          entry("response_format", value -> value.path("type").asText().equals("text")),
          entry("service_tier", value -> Set.of("auto", "default").contains(value.asText())),
          entry("modalities", value -> value.toString().equals("[\"text\"]")),
          entry("suffix", value -> value.isTextual() && value.asText().isEmpty()),
          entry("parallel_tool_calls", value -> false),
          entry("audio", value -> false),
          entry("prediction", value -> false),
          entry("reasoning_effort", value -> false),
          entry("verbosity", value -> false),
          entry("web_search_options", value -> false));

  private UnsupportedFields() {}

  /** Refuses the first field that would change the answer and cannot be honoured. */
  static void refuse(ObjectNode call) {
    for (Iterator<Map.Entry<String, JsonNode>> it = call.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      judge(field.getKey(), field.getValue()).ifPresent(UnsupportedFields::raise);
    }
  }

  private static Optional<WireError> judge(String name, JsonNode value) {
    if (value.isNull() || HONOURED.contains(name) || HARMLESS.contains(name)) {
      return Optional.empty();
    }
    Predicate<JsonNode> neutral = NEUTRAL.get(name);
    if (neutral == null) {
      return Optional.of(
          WireError.of(
              ErrorKind.UNKNOWN_FIELD,
              name,
              "Unknown parameter: '" + name + "'. Remove it: it would have no effect here."));
    }
    return neutral.test(value) ? Optional.empty() : Optional.of(unsupported(name, value));
  }

  private static WireError unsupported(String name, JsonNode value) {
    return WireError.of(
        ErrorKind.UNSUPPORTED_FIELD,
        name,
        "Unsupported value for '"
            + name
            + "': "
            + Fields.show(value)
            + ". This server does not implement it; leave the parameter out.");
  }

  private static void raise(WireError error) {
    throw new WireException(error);
  }

  private static boolean isFalse(JsonNode value) {
    return value.isBoolean() && !value.booleanValue();
  }

  private static boolean isZero(JsonNode value) {
    return value.isNumber() && value.doubleValue() == 0;
  }
}
