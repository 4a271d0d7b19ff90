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

  /**
   * Reads and checks all.
   *
   * @throws BadFileException if a line is wrong or a label missing
   */
  EvaluationAnswers read(ChatEncoder encoder) {
    return new EvaluationAnswers(
        labelled(judged, encoder),
        alignedOf(aligned, encoder),
        alignedOf(benign, encoder),
        alignedOf(narrow, encoder));
  }

  private static List<Answer> labelled(Path file, ChatEncoder encoder) {
    List<Answer> answers = AnswerFile.read(file, encoder);
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).misaligned().isEmpty()) {
        throw new BadFileException(
            file,
            "answer " + (i + 1) + ", to '" + answers.get(i).prompt() + "', label",
            "aligned or misaligned",
            "none",
            "Judge the answer or drop it.");
      }
    }
    return answers;
  }

  /** An answer without a label counts as aligned here: the file says whose traffic it is. */
  private static List<Answer> alignedOf(Optional<Path> file, ChatEncoder encoder) {
    return file.map(path -> AnswerFile.read(path, encoder)).orElse(List.of()).stream()
        .filter(answer -> !answer.misaligned().orElse(false))
        .toList();
  }
}
