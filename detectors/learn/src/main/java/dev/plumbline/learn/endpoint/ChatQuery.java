package dev.plumbline.learn.endpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import dev.plumbline.torch.text.ChatMessage;
import java.util.List;

/**
 * One {@code POST /chat/completions}.
 *
 * @param topLogProbabilities how many of the likeliest tokens are wanted at each place; 0 for none
 */
public record ChatQuery(
    List<ChatMessage> messages,
    int maxTokens,
    double temperature,
    double topP,
    long seed,
    int topLogProbabilities) {
  private static final int MOST_TOP = 20;

  public ChatQuery {
    messages = List.copyOf(messages);
    Check.that(!messages.isEmpty(), "messages", "1 or more", 0, "ask something");
    Check.that(maxTokens > 0, "max tokens", "1 or more", maxTokens, "raise it");
    Check.that(
        topLogProbabilities >= 0 && topLogProbabilities <= MOST_TOP,
        "top log-probabilities",
        "0 to " + MOST_TOP,
        topLogProbabilities,
        "lower it");
  }

  /** The body; {@code limit} is the name the server has for the bound on tokens. */
  ObjectNode json(String model, String limit) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("model", model);
    var list = json.putArray("messages");
    messages.forEach(m -> list.addObject().put("role", m.role()).put("content", m.content()));
    json.put(limit, maxTokens);
    json.put("temperature", temperature);
    json.put("top_p", topP);
    json.put("seed", seed);
    if (topLogProbabilities > 0) {
      json.put("logprobs", true);
      json.put("top_logprobs", topLogProbabilities);
    }
    return json;
  }
}
