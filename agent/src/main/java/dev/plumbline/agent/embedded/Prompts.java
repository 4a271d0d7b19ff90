package dev.plumbline.agent.embedded;

import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.TextTokenizer;
import dev.plumbline.torch.text.TextTokenizer.Specials;
import java.util.List;
import java.util.Optional;

/** Requests to token ids. Thread-safe. */
final class Prompts {
  private final TextTokenizer tokenizer;
  private final Optional<ChatEncoder> chat;

  Prompts(TextTokenizer tokenizer, Optional<ChatEncoder> chat) {
    this.tokenizer = tokenizer;
    this.chat = chat;
  }

  TextTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * The ids up to the answer.
   *
   * @throws IllegalArgumentException if the model has no template, or its template refuses
   */
  long[] encode(Prompt prompt) {
    if (prompt instanceof Prompt.Raw raw) {
      return tokenizer.encode(raw.text(), true, Specials.AS_TEXT);
    }
    List<ChatMessage> messages =
        ((Prompt.Chat) prompt)
            .messages().stream().map(m -> new ChatMessage(m.role(), m.content())).toList();
    return chat.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "messages: wanted a model with a chat template, found one without; use"
                        + " /v1/completions"))
        .prompt(messages);
  }

  long[] answer(String text) {
    return tokenizer.encode(text, false, Specials.AS_TEXT);
  }
}
