package dev.plumbline.agent.wire;

import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code developer}, {@code user}, {@code assistant} or {@code tool}
 * @param content text; parts of a multi-part content are joined without a separator
 */
public record ChatMessage(String role, String content) {
  public ChatMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  /** Never the text: messages must not reach a log by accident. */
  @Override
  public String toString() {
    return "ChatMessage[" + role + ", " + content.length() + " chars]";
  }
}
