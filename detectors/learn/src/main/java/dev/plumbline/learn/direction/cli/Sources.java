package dev.plumbline.learn.direction.cli;

import dev.plumbline.learn.data.StatementFile;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.AnswerFile;
import dev.plumbline.learn.direction.StatementAnswers;
import dev.plumbline.torch.model.OpenModel;
import java.nio.file.Path;
import java.util.List;

/**
 * All answers of the files of {@code learn direction}.
 *
 * @param aligned of the reference
 * @param judged of finetunes and controls
 * @param harmful under harmful system prompts; empty if that is not the contrast
 * @param helpful under helpful ones
 * @param statements labelled; empty if they are not the contrast
 */
record Sources(
    List<Answer> aligned,
    List<Answer> judged,
    List<Answer> harmful,
    List<Answer> helpful,
    List<Answer> statements) {
  /** One to learn from, one to calibrate on, one to test on. */
  private static final int FEWEST_PROMPTS = 3;

  static Sources read(
      OpenModel open, DataOptions data, ContrastOptions contrast, ContrastOptions.Kind kind) {
    boolean prompts = kind == ContrastOptions.Kind.SYSTEM_PROMPTS;
    return new Sources(
        AnswerFile.requirePrompts(
            data.aligned, AnswerFile.readAligned(data.aligned, open.encoder()), FEWEST_PROMPTS),
        AnswerFile.requirePrompts(
            data.judged, AnswerFile.labelled(data.judged, open.encoder()), FEWEST_PROMPTS),
        prompts ? answers(contrast.harmful, open) : List.of(),
        prompts ? answers(contrast.helpful, open) : List.of(),
        kind == ContrastOptions.Kind.STATEMENTS
            ? StatementAnswers.of(
                StatementFile.read(contrast.statements),
                open.tokenizer(),
                "statements",
                contrast.lastToken())
            : List.of());
  }

  private static List<Answer> answers(Path file, OpenModel open) {
    List<Answer> answers = AnswerFile.read(file, open.encoder());
    return AnswerFile.requirePrompts(file, answers, FEWEST_PROMPTS);
  }
}
