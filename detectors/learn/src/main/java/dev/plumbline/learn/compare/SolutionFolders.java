package dev.plumbline.learn.compare;

import dev.plumbline.learn.finetune.SteeringFolder;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.runtime.MlpVector;
import java.nio.file.Files;
import java.nio.file.Path;

/** Solutions on disk. */
final class SolutionFolders {
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
}
