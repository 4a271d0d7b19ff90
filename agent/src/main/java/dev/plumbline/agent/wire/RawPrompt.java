package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code prompt} of a completion: a string or a list of token ids, or a list of one of them, as
 * OpenAI's description has it. Batches are refused.
 */
final class RawPrompt {
  private static final String NAME = "prompt";

  private RawPrompt() {}

  static Prompt parse(Fields fields) {
    JsonNode prompt = fields.need(NAME);
    JsonNode only = single(prompt) ? prompt.get(0) : prompt;
    if (only.isTextual()) {
      return new Prompt.Raw(only.textValue());
    }
    if (!only.isArray() || only.isEmpty() || !only.get(0).isNumber()) {
      throw fields.wrong(NAME, "one string or one list of token ids (no batches)", prompt);
    }
    return new Prompt.Ids(ids(fields, only));
  }

  private static boolean single(JsonNode prompt) {
    return prompt.isArray() && prompt.size() == 1 && !prompt.get(0).isNumber();
  }

  private static List<Integer> ids(Fields fields, JsonNode list) {
    List<Integer> ids = new ArrayList<>(list.size());
    for (JsonNode id : list) {
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
        throw fields.wrong(NAME + "[" + ids.size() + "]", "a token id from 0 on", id);
      }
      ids.add(id.intValue());
    }
    return ids;
  }
}
