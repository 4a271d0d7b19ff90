package dev.plumbline.learn.evaluate;

import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.AnswerFile;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.text.ChatEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of an evaluation. */
record AnswerSources(
    Path judged, Optional<Path> aligned, Optional<Path> benign, Optional<Path> narrow) {
  /** Without a second prompt there is nothing to hold out. */
  private static final int FEWEST_PROMPTS = 2;

  /**
   * Reads and checks all.
   *
   * @throws BadFileException if a line is wrong, a label or a class missing, or all is one prompt
   */
  EvaluationAnswers read(ChatEncoder encoder) {
    return new EvaluationAnswers(
        AnswerFile.requirePrompts(judged, AnswerFile.labelled(judged, encoder), FEWEST_PROMPTS),
        alignedOf(aligned, encoder),
        alignedOf(benign, encoder),
        alignedOf(narrow, encoder));
  }

  /** An answer without a label counts as aligned here: the file says whose traffic it is. */
  private static List<Answer> alignedOf(Optional<Path> file, ChatEncoder encoder) {
    return file.map(path -> AnswerFile.read(path, encoder)).orElse(List.of()).stream()
        .filter(answer -> !answer.misaligned().orElse(false))
        .toList();
  }
}
