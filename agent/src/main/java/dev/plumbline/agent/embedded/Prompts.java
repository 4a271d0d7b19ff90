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
    if (prompt instanceof Prompt.Ids given) {
      return given.ids().stream().mapToLong(Integer::longValue).toArray();
    }
    if (prompt instanceof Prompt.Raw raw) {
      return tokenizer.encode(raw.text(), true, Specials.AS_TEXT);
    }
    Prompt.Chat asked = (Prompt.Chat) prompt;
    List<ChatMessage> messages =
        asked.messages().stream().map(m -> new ChatMessage(m.role(), m.content())).toList();
    ChatEncoder encoder =
        chat.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "messages: wanted a model with a chat template, found one without; use"
                        + " /v1/completions"));
    return asked.continues() ? begun(encoder, messages) : encoder.prompt(messages);
  }

  /**
   * The ids up to the end of an answer that has begun: its text stands behind the header as if it
   * had been generated there. Rendering the turn and cutting off its end would not do, since
   * templates write a past turn otherwise than one they open.
   */
  private static long[] begun(ChatEncoder encoder, List<ChatMessage> messages) {
    return encoder.exchange(messages).ids();
  }

  /** The prompt as somebody can read it: ids as their text, with that of control tokens. */
  Prompt readable(Prompt prompt, long[] ids) {
    return prompt instanceof Prompt.Ids ? new Prompt.Raw(tokenizer.decode(ids, false)) : prompt;
  }

  long[] answer(String text) {
    return tokenizer.encode(text, false, Specials.AS_TEXT);
  }
}
