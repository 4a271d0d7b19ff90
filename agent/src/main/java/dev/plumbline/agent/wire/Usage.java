package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Token counts of one generation.
 *
 * @param promptTokens tokens read, template included
 * @param completionTokens tokens generated, end-of-turn included
 */
public record Usage(int promptTokens, int completionTokens) {
  public Usage {
    if (promptTokens < 0 || completionTokens < 0) {
      throw new IllegalArgumentException(
          "wanted counts of at least 0, found " + promptTokens + " and " + completionTokens);
    }
  }

  ObjectNode toNode() {
    return Json.object()
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", completionTokens)
        .put("total_tokens", promptTokens + completionTokens);
  }
}
