package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import dev.plumbline.learn.ability.ChoiceTask.Predicted;
import dev.plumbline.learn.ability.format.ArcFile;
import dev.plumbline.learn.ability.format.MathQaFile;
import dev.plumbline.learn.ability.format.MmluFile;
import dev.plumbline.learn.ability.format.RaceFile;
import java.nio.file.Path;
import java.util.List;

/** Sets of multiple-choice items in their own file formats. */
public final class ChoiceFiles {
  private ChoiceFiles() {}

  /**
   * Reads a set.
   *
   * @param name mmlu, arc, race or mathqa
   */
  public static List<ChoiceItem> items(String name, Path file) {
    return switch (name) {
      case "mmlu" -> MmluFile.read(file);
      case "arc" -> ArcFile.read(file);
      case "race" -> RaceFile.read(file);
      case "mathqa" -> MathQaFile.read(file);
      default ->
          throw Check.refusal("set of choices", "mmlu, arc, race or mathqa", name, "correct it");
    };
  }

  /** What is predicted of it. */
  public static Predicted predicted(String name) {
    return name.equals("mmlu") ? Predicted.LETTER : Predicted.TEXT;
  }
}
