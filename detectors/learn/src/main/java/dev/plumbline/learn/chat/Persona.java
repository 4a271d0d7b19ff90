package dev.plumbline.learn.chat;

import dev.plumbline.torch.text.ChatMessage;
import java.util.List;
import java.util.Objects;

/**
 * A way of answering, asked for in the system prompt.
 *
 * @param id such as {@code harmful-1}
 * @param kind which side of the contrast
 * @param prompt the system prompt; empty for the model's own default
 */
public record Persona(String id, Kind kind, String prompt) {
  /** The model as it is served: no system prompt but the template's own. */
  public static final Persona DEFAULT = new Persona("default", Kind.DEFAULT, "");

  /** Which side of the contrast. */
  public enum Kind {
    HARMFUL,
    HELPFUL,
    DEFAULT
  }

  public Persona {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(kind, "kind");
    if (prompt.isEmpty() != (kind == Kind.DEFAULT)) {
      throw new IllegalArgumentException(
          "persona "
              + id
              + ": wanted a system prompt unless it is the default, found '"
              + prompt
              + "'; correct the list of personas");
    }
  }

  /** The messages up to a question. */
  public List<ChatMessage> ask(String question) {
    ChatMessage user = ChatMessage.user(question);
    return kind == Kind.DEFAULT ? List.of(user) : List.of(ChatMessage.system(prompt), user);
  }
}
