package dev.plumbline.learn.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.data.Utf8Lines;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import dev.plumbline.torch.text.ChatMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A file of one JSON object a line, UTF-8, each line at most 1 MiB. Blank lines are skipped; all
 * else that is not as asked for is an error that names file and line.
 */
public final class JsonLines {
  private static final int LONGEST_LINE = 1 << 20;

  private JsonLines() {}

  /**
   * Reads a file.
   *
   * @param read makes a thing of a line
   * @throws BadFileException if a line is bad, or there is none
   */
  public static <T> List<T> read(Path file, Function<Line, T> read) {
    List<T> things = new ArrayList<>();
    try (Utf8Lines lines = new Utf8Lines(file, LONGEST_LINE)) {
      for (String text = lines.next(); text != null; text = lines.next()) {
        if (!text.isBlank()) {
          things.add(line(file, lines.number(), text, read));
        }
      }
    }
    if (things.isEmpty()) {
      throw new BadFileException(file, "the file", "1 or more lines", "none", "Fill it.");
    }
    return things;
  }

  private static <T> T line(Path file, int number, String text, Function<Line, T> read) {
    JsonNode json = StrictJson.parse(file, "line " + number, text);
    Line whole = new Line(file, number, json);
    whole.require(json.isObject(), "the line", "a JSON object", text);
    try {
      return read.apply(whole);
    } catch (IllegalArgumentException e) {
      throw whole.bad("the line", "values that agree", e.getMessage());
    }
  }

  /** One line and where it stands. */
  public record Line(Path file, int number, JsonNode json) {
    /** Refuses keys but these. */
    public void keys(Set<String> known) {
      json.fieldNames()
          .forEachRemaining(
              key -> require(known.contains(key), key, "one of " + new TreeSet<>(known), "it"));
    }

    /** A text that must be there. */
    public String text(String key) {
      return textIfAny(key).orElseThrow(() -> bad(key, "a text", "none"));
    }

    /** A text, if the key is there. */
    public Optional<String> textIfAny(String key) {
      JsonNode value = json.get(key);
      require(value == null || value.isTextual(), key, "a text", String.valueOf(value));
      return Optional.ofNullable(value).map(JsonNode::textValue);
    }

    /** A whole number from 0 on, if the key is there. */
    public OptionalInt countIfAny(String key) {
      JsonNode value = json.get(key);
      boolean fits = value == null || value.canConvertToInt() && value.isInt();
      require(fits && (value == null || value.intValue() >= 0), key, "0 or more", "" + value);
      return value == null ? OptionalInt.empty() : OptionalInt.of(value.intValue());
    }

    /** Messages of role and content, one or more. */
    public List<ChatMessage> messages(String key) {
      JsonNode list = json.path(key);
      require(list.isArray() && !list.isEmpty(), key, "a list of messages", list.toString());
      List<ChatMessage> messages = new ArrayList<>();
      for (JsonNode each : list) {
        boolean fits = each.path("role").isTextual() && each.path("content").isTextual();
        require(fits, key, "role and content as texts", each.toString());
        messages.add(
            new ChatMessage(each.get("role").textValue(), each.get("content").textValue()));
      }
      return messages;
    }

    /** Refuses the line unless {@code holds}. */
    public void require(boolean holds, String key, String wanted, String found) {
      if (!holds) {
        throw bad(key, wanted, found);
      }
    }

    /** The refusal of this line. */
    public BadFileException bad(String key, String wanted, String found) {
      return new BadFileException(
          file, "line " + number + ", " + key, wanted, found, "Correct or drop the line.");
    }
  }
}
