package dev.plumbline.export.residual;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.ChatTemplate;
import dev.plumbline.torch.text.EncodedAnswer;
import dev.plumbline.torch.text.TextTokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Texts of a JSONL file: {@code {"text": …}}, or {@code {"messages": [{"role": …, "content": …}]}}
 * that end with an answer, or {@code {"question": …, "text": …}} as {@code plumbline sample} writes
 * them; of the last two the answer's content alone counts. Other keys are not read. At most {@link
 * #MOST} texts of {@link #LONGEST} tokens each; what is longer is cut.
 */
public final class Texts {
  static final int MOST = 256;
  static final int LONGEST = 192;
  private static final int LINE = 1 << 20;
  private static final String BUILT_IN = "neutral.jsonl";

  private final TextTokenizer tokenizer;
  private final Optional<ChatTemplate> template;
  private final int tokens;

  /**
   * Neither is kept open for longer than the caller keeps it.
   *
   * @param positions the longest sequence the decoder reads
   */
  public Texts(TextTokenizer tokenizer, Optional<ChatTemplate> template, int positions) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.tokens = Math.min(LONGEST, positions);
  }

  /** The texts of a file. */
  public List<Reading> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return read(file, reader);
    } catch (IOException e) {
      throw new BadFileException(
          file, "the file", "readable JSONL in UTF-8", e.toString(), "Correct the path.", e);
    }
  }

  /** A few everyday questions and answers. */
  public List<Reading> builtIn() {
    try (Reader reader =
        new InputStreamReader(
            Texts.class.getResourceAsStream("/dev/plumbline/export/" + BUILT_IN),
            StandardCharsets.UTF_8)) {
      return read(Path.of(BUILT_IN), reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Reading> read(Path file, Reader from) throws IOException {
    List<Reading> readings = new ArrayList<>();
    BufferedReader lines = new BufferedReader(from);
    long number = 0;
    for (String line = line(file, lines); line != null; line = line(file, lines)) {
      number++;
      if (!line.isBlank() && readings.size() < MOST) {
        readings.add(reading(file, number, StrictJson.parseLine(file, number, line)));
      }
    }
    if (readings.isEmpty()) {
      throw bad(file, number, "at least one text", "none");
    }
    return readings;
  }

  /** A line of bounded length, null at the end. */
  private static String line(Path file, BufferedReader lines) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = lines.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (line.length() == LINE) {
        throw bad(file, 0, "lines of at most " + LINE + " characters", "a longer one");
      }
      line.append((char) next);
      next = lines.read();
    }
    return line.toString();
  }

  private Reading reading(Path file, long number, JsonNode json) {
    if (json.path("text").isTextual() && json.path("question").isTextual()) {
      return messages(
          file,
          number,
          List.of(
              ChatMessage.user(json.get("question").asText()),
              new ChatMessage("assistant", json.get("text").asText())));
    }
    if (json.path("text").isTextual()) {
      return plain(file, number, json.get("text").asText());
    }
    if (!json.path("messages").isArray()) {
      throw bad(file, number, "a key text or messages", "neither");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode each : json.get("messages")) {
      if (!each.path("role").isTextual() || !each.path("content").isTextual()) {
        throw bad(file, number, "messages with a role and a content", each.toString());
      }
      messages.add(new ChatMessage(each.get("role").asText(), each.get("content").asText()));
    }
    return messages(file, number, messages);
  }

  private Reading messages(Path file, long number, List<ChatMessage> messages) {
    return template.isPresent()
        ? exchange(file, number, messages)
        : plain(
            file,
            number,
            messages.stream().map(ChatMessage::content).collect(Collectors.joining("\n\n")));
  }

  private Reading plain(Path file, long number, String text) {
    return cut(file, number, tokenizer.encode(text, true), 1);
  }

  private Reading exchange(Path file, long number, List<ChatMessage> messages) {
    try {
      EncodedAnswer encoded = new ChatEncoder(tokenizer, template.orElseThrow()).exchange(messages);
      return cut(file, number, encoded.ids(), encoded.answerStart());
    } catch (IllegalArgumentException e) {
      throw new BadFileException(
          file, "line " + number, "an exchange", e.getMessage(), "Correct the line.", e);
    }
  }

  private Reading cut(Path file, long number, long[] ids, int from) {
    int length = Math.min(ids.length, tokens);
    if (length <= from) {
      throw bad(
          file, number, "more than " + from + " tokens and at most " + tokens, "" + ids.length);
    }
    return new Reading(Arrays.copyOf(ids, length), from);
  }

  private static BadFileException bad(Path file, long number, String wanted, String found) {
    return new BadFileException(file, "line " + number, wanted, found, "Correct the line.");
  }
}
