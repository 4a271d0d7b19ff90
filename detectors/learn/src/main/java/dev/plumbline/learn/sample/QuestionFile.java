package dev.plumbline.learn.sample;

import dev.plumbline.torch.text.ChatMessage;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Questions from JSONL: one {@code {"id": ID, "question": TEXT}} or {@code {"id": ID, "messages":
 * [{"role", "content"}, …, the user's]}} a line, with {@code "category": NAME} if there is one. Ids
 * are unique.
 */
public final class QuestionFile {
  private static final Set<String> KEYS = Set.of("id", "question", "messages", "category");

  private QuestionFile() {}

  /** Reads a file; bad lines and repeated ids are errors. */
  public static List<Question> read(Path file) {
    Set<String> seen = new HashSet<>();
    return JsonLines.read(
        file,
        line -> {
          line.keys(KEYS);
          Question question =
              new Question(line.text("id"), line.textIfAny("category"), messages(line));
          line.require(seen.add(question.id()), "id", "an id of its own", question.id());
          return question;
        });
  }

  static List<ChatMessage> messages(JsonLines.Line line) {
    boolean text = line.json().has("question");
    boolean messages = line.json().has("messages");
    line.require(text || messages, "the line", "a question or messages", "neither");
    if (messages) {
      return line.messages("messages");
    }
    line.require(!line.text("question").isBlank(), "question", "a text", "a blank one");
    return List.of(ChatMessage.user(line.text("question")));
  }
}
