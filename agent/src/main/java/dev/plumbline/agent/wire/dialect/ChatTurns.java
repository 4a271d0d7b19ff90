package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the turns of a conversation; one that is not text spoils them all. Not thread-safe. */
final class ChatTurns {
  private final List<ChatMessage> turns = new ArrayList<>();
  private boolean spoilt;

  void add(String role, Optional<String> content) {
    if (role.isEmpty() || content.isEmpty()) {
      spoilt = true;
    } else {
      turns.add(new ChatMessage(role, content.get()));
    }
  }

  Optional<Prompt> prompt() {
    return prompt(false);
  }

  /**
   * @param continues the last turn is the answer's beginning, if it is the assistant's
   */
  Optional<Prompt> prompt(boolean continues) {
    if (spoilt || turns.isEmpty()) {
      return Optional.empty();
    }
    boolean begun = turns.get(turns.size() - 1).role().equals("assistant");
    return Optional.of(new Prompt.Chat(turns, continues && begun));
  }

  /** A prompt that is one string, or a list of just one. */
  static Optional<Prompt> raw(JsonNode prompt, String field, Unread unread) {
    JsonNode only = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
    if (prompt.isArray() && prompt.size() > 1 && prompt.get(0).isTextual()) {
      unread.add(field + "[1..]");
    }
    return only.isTextual() ? Optional.of(new Prompt.Raw(only.textValue())) : Optional.empty();
  }
}
