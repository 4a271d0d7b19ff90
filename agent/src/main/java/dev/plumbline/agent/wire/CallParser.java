package dev.plumbline.agent.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads a generation request strictly, for the origin that has to honour it. The wire format is
 * OpenAI's Chat Completions and Completions, as its published OpenAPI description has it.
 */
public final class CallParser {
  /**
   * What {@code /v1/completions} generates when {@code max_tokens} is absent; null leaves the bound
   * to the model, as vLLM has it.
   */
  private static final int COMPLETIONS_DEFAULT_TOKENS = 16;

  private CallParser() {}

  /**
   * Parses a request body.
   *
   * @param route a generation route
   * @param body UTF-8 JSON, read, not kept
   * @throws WireException with the field at fault
   */
  public static GenerationCall parse(Route route, byte[] body) {
    ObjectNode root = object(body);
    UnsupportedFields.refuse(root);
    Fields fields = new Fields(root, "");
    String model = fields.needText("model");
    boolean stream = fields.flag("stream");
    return new GenerationCall(
        route,
        model,
        prompt(route, fields),
        sampling(route, fields),
        stream,
        usage(fields, stream),
        fields.flag("return_token_ids"));
  }

  private static ObjectNode object(byte[] body) {
    try {
      JsonNode node = Json.STRICT.readTree(body);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw badJson(
          "wanted a JSON object, found "
              + (node.isMissingNode() ? "nothing" : "a JSON " + node.getNodeType()));
    } catch (JsonProcessingException e) {
      throw badJson(e.getOriginalMessage() + where(e));
    } catch (IOException e) {
      throw badJson(e.getMessage());
    }
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  private static WireException badJson(String detail) {
    return WireException.of(
        ErrorKind.BAD_JSON, "body", "The body of the request is not valid JSON: " + detail + ".");
  }

  private static Prompt prompt(Route route, Fields fields) {
    String other = route == Route.CHAT_COMPLETIONS ? "prompt" : "messages";
    if (fields.find(other).isPresent()) {
      throw WireException.of(
          ErrorKind.UNKNOWN_FIELD,
          other,
          "'" + other + "' does not belong to " + route.path() + ".");
    }
    return route == Route.CHAT_COMPLETIONS ? MessagesParser.parse(fields) : raw(fields);
  }

  /** What a chat template is told means nothing where none is used. */
  private static void refuseTemplating(Fields fields) {
    for (String name : List.of("continue_final_message", "add_generation_prompt")) {
      if (fields.find(name).isPresent()) {
        throw WireException.of(
            ErrorKind.UNKNOWN_FIELD,
            name,
            "'" + name + "' belongs to chat; the prompt is continued here as it is.");
      }
    }
  }

  private static Prompt raw(Fields fields) {
    refuseTemplating(fields);
    return RawPrompt.parse(fields);
  }

  private static Sampling sampling(Route route, Fields fields) {
    return new Sampling(
        maxTokens(route, fields),
        fields.number("temperature", 0, 2, false),
        fields.number("top_p", 0, 1, true),
        fields.integer("seed"),
        stop(fields));
  }

  private static OptionalInt maxTokens(Route route, Fields fields) {
    OptionalInt old = fields.positive("max_tokens");
    if (route == Route.COMPLETIONS) {
      if (fields.find("max_completion_tokens").isPresent()) {
        throw WireException.of(
            ErrorKind.UNKNOWN_FIELD,
            "max_completion_tokens",
            "'max_completion_tokens' belongs to chat; use 'max_tokens' here.");
      }
      return fields.isNull("max_tokens")
          ? OptionalInt.empty()
          : OptionalInt.of(old.orElse(COMPLETIONS_DEFAULT_TOKENS));
    }
    OptionalInt current = fields.positive("max_completion_tokens");
    if (old.isPresent() && current.isPresent() && old.getAsInt() != current.getAsInt()) {
      throw WireException.of(
          ErrorKind.INVALID_VALUE,
          "max_tokens",
          "'max_tokens' and 'max_completion_tokens' disagree; send one of them.");
    }
    return current.isPresent() ? current : old;
  }

  private static List<String> stop(Fields fields) {
    JsonNode stop = fields.find("stop").orElse(null);
    if (stop == null) {
      return List.of();
    }
    List<String> stops = new ArrayList<>();
    if (stop.isTextual()) {
      stops.add(stop.textValue());
    } else if (stop.isArray()) {
      stop.forEach(item -> stops.add(item.isTextual() ? item.textValue() : ""));
    }
    boolean fits = (stop.isTextual() || stop.isArray()) && stops.size() <= Sampling.MAX_STOPS;
    if (!fits || stops.contains("")) {
      throw fields.wrong("stop", "a non-empty string or up to " + Sampling.MAX_STOPS, stop);
    }
    return stops;
  }

  private static boolean usage(Fields fields, boolean stream) {
    JsonNode options = fields.find("stream_options").orElse(null);
    if (options == null) {
      return false;
    }
    if (!stream || !(options instanceof ObjectNode node)) {
      throw fields.wrong("stream_options", "an object, together with \"stream\": true", options);
    }
    node.fields().forEachRemaining(field -> refuseOption(field.getKey(), field.getValue()));
    return new Fields(node, "stream_options.").flag("include_usage");
  }

  /** Obfuscation pads chunks against traffic analysis; not done here, so it may only be off. */
  private static void refuseOption(String name, JsonNode value) {
    boolean off = name.equals("include_obfuscation") && !value.asBoolean();
    if (!name.equals("include_usage") && !off) {
      String at = "stream_options." + name;
      throw WireException.of(ErrorKind.UNKNOWN_FIELD, at, "Unsupported parameter: '" + at + "'.");
    }
  }
}
