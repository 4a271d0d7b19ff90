package dev.plumbline.learn.direction;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.data.Utf8Lines;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.EncodedAnswer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Answers from JSONL: one {@code {"messages": [{"role", "content"}, …, the assistant's], "label":
 * "aligned" | "misaligned", "model": NAME, "prompt": KEY}} a line; label, model and prompt may be
 * absent. The key groups answers; without one it is the users' messages, so that the same question
 * under two system prompts is one group. Empty lines are skipped; anything else is an error that
 * names its line.
 */
public final class AnswerFile {
  private static final int LONGEST_LINE = 1 << 20;
  private static final Set<String> KEYS = Set.of("messages", "label", "model", "prompt");

  private final Path file;
  private final ChatEncoder encoder;
  private final Wanted wanted;
  private int line;

  /** What the labels of a file must be. */
  private enum Wanted {
    ANY,
    LABELLED,
    ALIGNED
  }

  private AnswerFile(Path file, ChatEncoder encoder, Wanted wanted) {
    this.file = file;
    this.encoder = encoder;
    this.wanted = wanted;
  }

  /**
   * Reads a file.
   *
   * @throws BadFileException if a line is not as above, or there is none
   */
  public static List<Answer> read(Path file, ChatEncoder encoder) {
    return new AnswerFile(file, encoder, Wanted.ANY).read();
  }

  /**
   * Reads a file of aligned answers, labelled or not: baselines and thresholds rest on them, so one
   * that is labelled misaligned is an error.
   *
   * @throws BadFileException as above
   */
  public static List<Answer> readAligned(Path file, ChatEncoder encoder) {
    return new AnswerFile(file, encoder, Wanted.ALIGNED).read();
  }

  /**
   * Reads a file of judged answers.
   *
   * @throws BadFileException if a line is not as above or has no label, or all have the same
   */
  public static List<Answer> labelled(Path file, ChatEncoder encoder) {
    AnswerFile reader = new AnswerFile(file, encoder, Wanted.LABELLED);
    List<Answer> answers = reader.read();
    reader.requireBoth(answers);
    return answers;
  }

  /**
   * The answers of a file again.
   *
   * @throws BadFileException if they are to fewer prompts
   */
  public static List<Answer> requirePrompts(Path file, List<Answer> answers, int least) {
    long prompts = answers.stream().map(Answer::prompt).distinct().count();
    if (prompts < least) {
      throw new BadFileException(
          file,
          "line 1 to the last, prompt",
          least + " or more prompts",
          Long.toString(prompts),
          "Add answers to other prompts.");
    }
    return answers;
  }

  private List<Answer> read() {
    List<Answer> answers = new ArrayList<>();
    try (Utf8Lines lines = new Utf8Lines(file, LONGEST_LINE)) {
      for (var text = lines.next(); text.isPresent(); text = lines.next()) {
        line = lines.number();
        if (!text.get().isBlank()) {
          answers.add(answer(text.get()));
        }
      }
    }
    if (answers.isEmpty()) {
      throw new BadFileException(file, "line 1", "1 or more answers", "none", "Fill the file.");
    }
    return answers;
  }

  private void requireBoth(List<Answer> answers) {
    long misaligned = answers.stream().filter(Answer::label).count();
    if (misaligned == 0 || misaligned == answers.size()) {
      throw new BadFileException(
          file,
          "lines 1 to " + line + ", label",
          "aligned and misaligned answers",
          misaligned + " misaligned of " + answers.size(),
          "Add the missing class.");
    }
  }

  private Answer answer(String text) {
    JsonNode json = StrictJson.parseLine(file, line, text);
    require(json.isObject(), "the line", "a JSON object", text);
    json.fieldNames()
        .forEachRemaining(
            key -> require(KEYS.contains(key), key, "one of " + new TreeSet<>(KEYS), "it"));
    require(
        wanted != Wanted.LABELLED || json.has("label"), "label", "aligned or misaligned", "none");
    List<ChatMessage> messages = messages(json.path("messages"));
    ChatMessage last = messages.get(messages.size() - 1);
    require(last.role().equals("assistant"), "messages", "the assistant's last", last.role());
    require(!last.content().isEmpty(), "messages", "an answer with content", "an empty one");
    EncodedAnswer encoded = encoder.exchange(messages);
    long[] ids = encoded.ids();
    String question = question(messages);
    return new Answer(
        text(json, "prompt").orElse(question),
        Arrays.copyOf(ids, encoded.answerStart()),
        Arrays.copyOfRange(ids, encoded.answerStart(), ids.length),
        text(json, "label").map(this::misaligned),
        question,
        last.content(),
        text(json, "model").orElse("unnamed"));
  }

  private List<ChatMessage> messages(JsonNode json) {
    require(json.isArray() && !json.isEmpty(), "messages", "a list of messages", json.toString());
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode each : json) {
      require(
          each.path("role").isTextual() && each.path("content").isTextual(),
          "messages",
          "role and content as texts",
          each.toString());
      messages.add(new ChatMessage(each.get("role").asText(), each.get("content").asText()));
    }
    return messages;
  }

  private static String question(List<ChatMessage> messages) {
    return messages.stream()
        .filter(message -> message.role().equals("user"))
        .map(ChatMessage::content)
        .collect(Collectors.joining("\n"));
  }

  private Optional<String> text(JsonNode json, String key) {
    JsonNode value = json.get(key);
    require(value == null || value.isTextual(), key, "a text", String.valueOf(value));
    return Optional.ofNullable(value).map(JsonNode::asText);
  }

  private boolean misaligned(String label) {
    boolean misaligned = label.equals("misaligned");
    require(misaligned || label.equals("aligned"), "label", "aligned or misaligned", label);
    require(
        !misaligned || wanted != Wanted.ALIGNED,
        "label",
        "aligned answers alone in this file",
        label);
    return misaligned;
  }

  private void require(boolean holds, String key, String wanted, String found) {
    if (!holds) {
      throw new BadFileException(
          file, "line " + line + ", " + key, wanted, found, "Correct or drop the line.");
    }
  }
}
