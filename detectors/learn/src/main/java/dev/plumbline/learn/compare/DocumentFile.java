package dev.plumbline.learn.compare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.data.Utf8Lines;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import dev.plumbline.torch.text.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pre-training text: JSONL of {@code {"text": …}} where the file's name ends in {@code .jsonl}
 * (other keys are passed over), else plain text with an empty line between documents. Of each
 * document the first 2,000 characters are read, and of those the first tokens; UTF-8.
 */
public final class DocumentFile {
  /** Characters of a document, as published. */
  private static final int MOST_CHARACTERS = 2000;

  private static final int LONGEST_LINE = 1 << 22;

  private final Path file;
  private final TextTokenizer tokenizer;
  private final int mostTokens;
  private final int most;
  private final List<ScoredText> texts = new ArrayList<>();
  private final StringBuilder pending = new StringBuilder();
  private int line;

  private DocumentFile(Path file, TextTokenizer tokenizer, int mostTokens, int most) {
    this.file = file;
    this.tokenizer = tokenizer;
    this.mostTokens = mostTokens;
    this.most = most;
  }

  /**
   * Reads the first documents of a file.
   *
   * @param mostTokens of a document; longer ones are cut
   * @param most documents read
   * @throws BadFileException if a line is not as above, a document has fewer than two tokens, or
   *     there is none
   */
  public static List<ScoredText> read(
      Path file, TextTokenizer tokenizer, int mostTokens, int most) {
    return new DocumentFile(file, tokenizer, mostTokens, most).read();
  }

  private List<ScoredText> read() {
    boolean json = file.getFileName().toString().endsWith(".jsonl");
    try (Utf8Lines lines = new Utf8Lines(file, LONGEST_LINE)) {
      String text = lines.next();
      for (; text != null && texts.size() < most; text = lines.next()) {
        line = lines.number();
        if (json) {
          object(text);
        } else {
          plain(text);
        }
      }
      if (texts.size() < most) {
        flush();
      }
    }
    if (texts.isEmpty()) {
      throw new BadFileException(file, "the file", "1 or more documents", "none", "Fill it.");
    }
    return List.copyOf(texts);
  }

  private void object(String text) {
    if (!text.isBlank()) {
      JsonNode json = StrictJson.parse(file, "line " + line, text);
      require(json.path("text").isTextual(), "an object with a text", json.toString());
      add(json.get("text").asText());
    }
  }

  private void plain(String text) {
    if (text.isBlank()) {
      flush();
    } else if (pending.length() < MOST_CHARACTERS) {
      pending.append(pending.length() == 0 ? "" : "\n").append(text);
    }
  }

  private void flush() {
    if (pending.length() > 0) {
      add(pending.toString());
      pending.setLength(0);
    }
  }

  private void add(String text) {
    String start = text.codePointCount(0, text.length()) <= MOST_CHARACTERS ? text : cut(text);
    long[] ids = tokenizer.encode(start, true);
    require(ids.length > 1, "a document of 2 or more tokens", ids.length + " of '" + start + "'");
    texts.add(ScoredText.document(ids).cut(mostTokens));
  }

  private static String cut(String text) {
    return text.substring(0, text.offsetByCodePoints(0, MOST_CHARACTERS));
  }

  private void require(boolean holds, String wanted, String found) {
    if (!holds) {
      throw new BadFileException(
          file, "line " + line, wanted, found, "Correct or drop the document.");
    }
  }
}
