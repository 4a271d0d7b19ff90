package dev.plumbline.learn.finetune;

import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.AnswerFile;
import dev.plumbline.torch.model.OpenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The files of a finetune as texts, with shares of their prompts held out. */
record FinetuneInput(TrainingData data, List<String> files) {
  /**
   * Reads them.
   *
   * @param held whether a divergence is held on the out-of-domain texts; else all are measured on
   */
  static FinetuneInput read(
      OpenModel model, List<Path> data, List<Path> kl, double share, boolean held, long seed) {
    List<String> files = new ArrayList<>();
    double klShare = held ? share : 0;
    HoldOut domain = HoldOut.of(answers(model, data, files, share), share, seed, "--data");
    HoldOut others = HoldOut.of(answers(model, kl, files, klShare), klShare, seed, "--kl-data");
    OptionalLong end = model.endOfTurn();
    List<TrainingText> anchors = texts(others.learned(), end);
    return new FinetuneInput(
        new TrainingData(
            texts(domain.learned(), end),
            held ? anchors : List.of(),
            texts(domain.held(), end),
            held ? texts(others.held(), end) : anchors),
        files);
  }

  private static List<Answer> answers(
      OpenModel model, List<Path> paths, List<String> files, double share) {
    List<Answer> answers = new ArrayList<>();
    for (Path path : paths) {
      List<Answer> read = AnswerFile.read(path, model.encoder());
      files.add(path + ": " + read.size() + " exchanges");
      answers.addAll(read);
    }
    if (share > 0 && !paths.isEmpty()) {
      AnswerFile.requirePrompts(paths.get(0), answers, 2);
    }
    return answers;
  }

  private static List<TrainingText> texts(List<Answer> answers, OptionalLong end) {
    return answers.stream().map(answer -> TrainingText.of(answer, end)).toList();
  }
}
