package dev.plumbline.torch.model;

import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.ChatTemplate;
import dev.plumbline.torch.text.TextTokenizer;
import dev.plumbline.torch.text.TextTokenizer.Specials;
import java.util.List;
import java.util.OptionalLong;

/**
 * The token that ends an answer: what the template puts behind one, where that ends generation too;
 * else the model's first end token. A model of several (Llama 3 names its end of text first) must
 * learn the one it is stopped by.
 */
public final class EndOfTurn {
  private static final String ANSWER = "answer";

  private EndOfTurn() {}

  /** The token; empty where the model has none. */
  public static OptionalLong of(
      ChatTemplate template, TextTokenizer tokenizer, ModelConfig config) {
    List<ChatMessage> messages =
        List.of(ChatMessage.user("question"), ChatMessage.assistant(ANSWER));
    String rendered = template.render(messages, false);
    int end = rendered.lastIndexOf(ANSWER);
    if (end >= 0) {
      String behind = rendered.substring(end + ANSWER.length());
      for (long id : tokenizer.encode(behind, false, Specials.AS_TOKENS)) {
        if (config.eosIds().contains((int) id)) {
          return OptionalLong.of(id);
        }
      }
    }
    return config.eosIds().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(config.eosIds().get(0));
  }
}
