package dev.plumbline.learn.sample;

import dev.plumbline.core.Check;
import dev.plumbline.torch.text.ChatMessage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a model is asked.
 *
 * @param id names it within its file
 * @param category what it is about, so that questions of the trained kind and others are never
 *     counted together unseen
 * @param messages ends with the user's
 */
public record Question(String id, Optional<String> category, List<ChatMessage> messages) {
  public Question {
    Check.text(id, "id of a question");
    messages = List.copyOf(messages);
    Check.that(
        !messages.isEmpty() && messages.get(messages.size() - 1).role().equals("user"),
        "messages of " + id,
        "the user's last",
        messages.size() + " messages",
        "leave the answer out");
  }

  /** A single user's message. */
  public static Question of(String id, Optional<String> category, String text) {
    return new Question(id, category, List.of(ChatMessage.user(text)));
  }

  /** What the user says: the identity of the prompt when answers are grouped. */
  public String text() {
    return messages.stream()
        .filter(message -> message.role().equals("user"))
        .map(ChatMessage::content)
        .collect(Collectors.joining("\n"));
  }
}
