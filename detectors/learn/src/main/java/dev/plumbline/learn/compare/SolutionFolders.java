package dev.plumbline.learn.compare;

import dev.plumbline.learn.finetune.SteeringFolder;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.runtime.MlpVector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Solutions and snapshots on disk. */
final class SolutionFolders {
  private static final Pattern STEP = Pattern.compile("step-([0-9]{1,9})");

  private SolutionFolders() {}

  /**
   * A PEFT adapter, or a steering vector where the folder holds {@code steering.json}.
   *
   * @throws BadFileException if it is neither for this base
   */
  static Change read(String name, Path folder, ModelConfig base) {
    if (Files.exists(folder.resolve("steering.json"))) {
      return vector(name, folder, base);
    }
    return new AdapterChange(name, PeftAdapter.open(folder, base), base);
  }

  private static Change vector(String name, Path folder, ModelConfig base) {
    MlpVector read = SteeringFolder.read(folder).vector();
    if (read.layer() >= base.layers() || read.values().length != base.hidden()) {
      throw new BadFileException(
          folder,
          "layer and width",
          "below " + base.layers() + " and " + base.hidden(),
          read.layer() + " and " + read.values().length,
          "Take one of this model.");
    }
    float[] vector = read.values().clone();
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= (float) read.scale();
    }
    return new VectorChange(name, read.layer(), vector);
  }

  /**
   * The folders {@code step-N} below one, by N.
   *
   * @throws BadFileException if there are fewer than three
   */
  static Map<Integer, Path> steps(Path folder) {
    Map<Integer, Path> steps = new TreeMap<>();
    try (Stream<Path> below = Files.list(folder)) {
      below.forEach(
          path -> {
            Matcher matcher = STEP.matcher(path.getFileName().toString());
            if (matcher.matches()) {
              steps.put(Integer.parseInt(matcher.group(1)), path);
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
}
