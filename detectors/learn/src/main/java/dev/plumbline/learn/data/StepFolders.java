package dev.plumbline.learn.data;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Snapshots of a finetune on disk. */
public final class StepFolders {
  private static final Pattern STEP = Pattern.compile("step-([0-9]{1,9})");

  private StepFolders() {}

  /**
   * The solutions in the folders {@code step-N} below one, by N.
   *
   * @throws BadFileException if there are fewer than three
   */
  public static Map<Integer, Path> of(Path folder) {
    Map<Integer, Path> steps = new TreeMap<>();
    try (Stream<Path> below = Files.list(folder)) {
      below.forEach(
          path -> {
            Matcher matcher = STEP.matcher(path.getFileName().toString());
            if (matcher.matches()) {
              steps.put(Integer.parseInt(matcher.group(1)), solution(path));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("could not list " + folder + ": " + e.getMessage(), e);
    }
    if (steps.size() < 3) {
      throw new BadFileException(
          folder,
          "folders step-N",
          "3 or more",
          Integer.toString(steps.size()),
          "Train with snapshots.");
    }
    return steps;
  }

  /** As {@code finetune} keeps its checkpoints, or the solution itself. */
  private static Path solution(Path step) {
    return Stream.of(step.resolve("adapter"), step.resolve("steering"), step)
        .filter(folder -> holds(folder, "adapter_config.json") || holds(folder, "steering.json"))
        .findFirst()
        .orElseThrow(
            () ->
                new BadFileException(
                    step,
                    "the snapshot",
                    "a PEFT adapter or a steering vector, here or in adapter/ or steering/",
                    "none",
                    "Take the checkpoints folder of a finetune."));
  }

  private static boolean holds(Path folder, String file) {
    return Files.isRegularFile(folder.resolve(file));
  }
}
