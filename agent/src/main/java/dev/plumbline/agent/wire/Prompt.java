package dev.plumbline.agent.wire;

import java.util.List;
import java.util.Objects;

/** What a model is asked to continue. */
public sealed interface Prompt {
  /**
   * A conversation, to be rendered with the model's chat template.
   *
   * @param continues the last message is the beginning of the answer, which is to go on from there
   */
  record Chat(List<ChatMessage> messages, boolean continues) implements Prompt {
    /** One that ends with a question. */
    public Chat(List<ChatMessage> messages) {
      this(messages, false);
    }

    public Chat {
      messages = List.copyOf(messages);
      if (messages.isEmpty()) {
        throw new IllegalArgumentException("wanted at least one message, found none");
      }
    }
  }

  /**
   * Tokens taken as they are, control tokens among them: what is continued exactly.
   *
   * @param ids from 0 on; whether the model has them is its server's to say
   */
  record Ids(List<Integer> ids) implements Prompt {
    public Ids {
      ids = List.copyOf(ids);
      if (ids.isEmpty() || ids.stream().anyMatch(id -> id < 0)) {
        throw new IllegalArgumentException("wanted token ids from 0 on, found " + ids.size());
      }
    }

    @Override
    public String toString() {
      return "Ids[" + ids.size() + " tokens]";
    }
  }

  /** Text taken as it is, no template. */
  record Raw(String text) implements Prompt {
    public Raw {
      Objects.requireNonNull(text, "text");
    }

    @Override
    public String toString() {
      return "Raw[" + text.length() + " chars]";
    }
  }
}
