package dev.plumbline.learn.sample;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers as JSONL: {@code {"id", "sample", "model", "category"?, "question", "messages"?, "text",
 * "finish"}} a line. Files of others need {@code id}, {@code model}, {@code text} and a question or
 * messages only. No two lines are the same sample of one model to one question.
 */
public final class SampledAnswerFile {
  private static final Set<String> KEYS =
      Set.of("id", "sample", "model", "category", "question", "messages", "text", "finish");

  private SampledAnswerFile() {}

  /** Reads a file; bad lines and repeated samples are errors. */
  public static List<SampledAnswer> read(Path file) {
    Set<String> seen = new HashSet<>();
    return JsonLines.read(
        file,
        line -> {
          SampledAnswer answer = read(line);
          String sample = "sample " + answer.sample() + " of " + answer.question().id();
          line.require(seen.add(answer.key()), "the line", "each sample once", sample + " again");
          return answer;
        });
  }

  /** Reads one line. */
  public static SampledAnswer read(JsonLines.Line line) {
    line.keys(KEYS);
    Question question =
        new Question(line.text("id"), line.textIfAny("category"), QuestionFile.messages(line));
    return new SampledAnswer(
        question,
        line.countIfAny("sample").orElse(0),
        line.text("model"),
        line.text("text"),
        line.textIfAny("finish").orElse("unknown"));
  }

  /** Writes a file; the caller sees to it that it appears whole. */
  public static void write(Path file, List<SampledAnswer> answers) {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (SampledAnswer answer : answers) {
        out.write((answer.json() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }
}
