package dev.plumbline.learn.ability;

import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.TextTokenizer;
import dev.plumbline.torch.text.TextTokenizer.Specials;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How an item's text becomes tokens: as plain text that the model goes on with, or as a user's
 * message that the assistant answers. Keeps tokenizer and encoder, does not own them.
 */
public final class TextForm {
  private final TextTokenizer tokenizer;
  private final Optional<ChatEncoder> chat;

  private TextForm(TextTokenizer tokenizer, Optional<ChatEncoder> chat) {
    this.tokenizer = tokenizer;
    this.chat = chat;
  }

  /** Text and nothing around it but the tokenizer's own begin. */
  public static TextForm plain(TextTokenizer tokenizer) {
    return new TextForm(tokenizer, Optional.empty());
  }

  /** The model's chat template. */
  public static TextForm chat(TextTokenizer tokenizer, ChatEncoder encoder) {
    return new TextForm(tokenizer, Optional.of(encoder));
  }

  /** The same without the chat template. */
  public TextForm asPlain() {
    return plain(tokenizer);
  }

  /** For the record. */
  public String name() {
    return chat.isPresent() ? "chat template" : "plain text";
  }

  /** The tokens after which something is to be said. */
  public long[] context(String text) {
    return chat.map(encoder -> encoder.prompt(List.of(ChatMessage.user(text))))
        .orElseGet(() -> tokenizer.encode(text, true, Specials.AS_TEXT));
  }

  /**
   * A context and what might follow.
   *
   * <p>Plain text is encoded whole, and predicted from the first token on that the context alone
   * does not have: a token across the border is predicted, never given. An answer in a chat is
   * encoded by itself, without the blank it begins with in plain text.
   */
  public Continuation continuation(String context, String text) {
    long[] before = context(context);
    if (chat.isPresent()) {
      long[] after = tokenizer.encode(text.strip(), false, Specials.AS_TEXT);
      long[] all = Arrays.copyOf(before, before.length + after.length);
      System.arraycopy(after, 0, all, before.length, after.length);
      return new Continuation(all, before.length);
    }
    long[] all = tokenizer.encode(context + text, true, Specials.AS_TEXT);
    int same = Arrays.mismatch(before, all);
    return new Continuation(all, Math.max(1, same < 0 ? before.length : same));
  }

  /** A text by itself, predicted from its second token on, or its first after a begin token. */
  public Continuation alone(String text) {
    return new Continuation(tokenizer.encode(text, true, Specials.AS_TEXT), 1);
  }

  /** The text of generated tokens. */
  String text(long[] ids) {
    return tokenizer.decode(ids, true);
  }
}
