package dev.plumbline.learn.direction;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.EncodedAnswer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
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
  private final boolean alignedAlone;
  private int line;

  private AnswerFile(Path file, ChatEncoder encoder, boolean alignedAlone) {
    this.file = file;
    this.encoder = encoder;
    this.alignedAlone = alignedAlone;
  }

  /**
   * Reads a file.
   *
   * @throws BadFileException if a line is not as above, or there is none
   */
  public static List<Answer> read(Path file, ChatEncoder encoder) {
    return new AnswerFile(file, encoder, false).read();
  }

  /**
   * Reads a file of aligned answers, labelled or not: baselines and thresholds rest on them, so one
   * that is labelled misaligned is an error.
   *
   * @throws BadFileException as above
   */
  public static List<Answer> readAligned(Path file, ChatEncoder encoder) {
    return new AnswerFile(file, encoder, true).read();
  }

  private List<Answer> read() {
    List<Answer> answers = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (!text.isBlank()) {
          answers.add(answer(text));
        }
      }
    } catch (IOException e) {
      throw new BadFileException(
          file, "line " + (line + 1), "readable UTF-8", e.toString(), "Check the file.", e);
    }
    if (answers.isEmpty()) {
      throw new BadFileException(file, "the file", "1 or more answers", "none", "Fill it.");
    }
    return answers;
  }

  private Answer answer(String text) {
    require(text.length() <= LONGEST_LINE, "the line", "1 MiB or less", text.length() + " chars");
    JsonNode json = StrictJson.parse(file, "line " + line, text);
    require(json.isObject(), "the line", "a JSON object", text);
    json.fieldNames()
        .forEachRemaining(
            key -> require(KEYS.contains(key), key, "one of " + new TreeSet<>(KEYS), "it"));
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
    require(!misaligned || !alignedAlone, "label", "aligned answers alone in this file", label);
    return misaligned;
  }

  private void require(boolean holds, String key, String wanted, String found) {
    if (!holds) {
      throw new BadFileException(
          file, "line " + line + ", " + key, wanted, found, "Correct or drop the line.");
    }
  }
}
