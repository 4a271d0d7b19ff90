package dev.plumbline.torch.text;

import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant}, or what else the model's template
 *     knows
 * @param content its text
 */
public record ChatMessage(String role, String content) {
  public ChatMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  /** A turn of the user. */
  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  /** A turn of the model. */
  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }

  /** The system prompt. */
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }
}
