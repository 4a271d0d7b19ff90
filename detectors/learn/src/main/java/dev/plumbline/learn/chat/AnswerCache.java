package dev.plumbline.learn.chat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Answers of a stage as JSON lines, {@code answers/STAGE.jsonl}, so that a run that was cut short
 * goes on at the stage where it stopped. A file is written whole or not at all, and its first line
 * says what it was made with: made with anything else, it is refused.
 */
final class AnswerCache {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path folder;

  AnswerCache(Path out) {
    this.folder = out.resolve("answers");
  }

  /**
   * The stage's answers: read if they are there, else made and written.
   *
   * @param recipe what the answers depend on, in words
   */
  List<ChatAnswer> of(String stage, String recipe, Supplier<List<ChatAnswer>> make) {
    Path file = folder.resolve(stage + ".jsonl");
    try {
      if (Files.exists(file)) {
        return read(file, recipe);
      }
      List<ChatAnswer> answers = make.get();
      write(file, recipe, answers);
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException("answers of stage " + stage + " at " + file, e);
    }
  }

  private static List<ChatAnswer> read(Path file, String recipe) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String found = lines.isEmpty() ? "" : MAPPER.readTree(lines.get(0)).path("recipe").asText();
    if (!found.equals(recipe)) {
      throw new IllegalArgumentException(
          file
              + ": wanted answers made with '"
              + recipe
              + "', found '"
              + found
              + "'; give another --out, or delete the file");
    }
    List<ChatAnswer> answers = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      answers.add(MAPPER.readValue(line, ChatAnswer.class));
    }
    return List.copyOf(answers);
  }

  private void write(Path file, String recipe, List<ChatAnswer> answers) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(MAPPER.writeValueAsString(java.util.Map.of("recipe", recipe)));
    for (ChatAnswer answer : answers) {
      lines.add(MAPPER.writeValueAsString(answer));
    }
    Files.createDirectories(folder);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(part, lines);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
