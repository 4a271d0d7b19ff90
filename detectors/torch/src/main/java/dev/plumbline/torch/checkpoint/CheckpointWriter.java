package dev.plumbline.torch.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes a model folder that {@link Checkpoint} and Hugging Face read: {@code config.json} and one
 * {@code model.safetensors}. Tokenizer files are the caller's.
 */
public final class CheckpointWriter {
  private static final Map<TensorType, String> DTYPES =
      Map.of(TensorType.F32, "float32", TensorType.F16, "float16", TensorType.BF16, "bfloat16");

  private CheckpointWriter() {}

  /** Where the weights come from: row-major, in Hugging Face's row order; asked once for each. */
  @FunctionalInterface
  public interface Values {
    float[] of(Weight weight, int layer);
  }

  /**
   * Writes the folder, weights first, so that a folder with a configuration is whole.
   *
   * @param folder made if absent
   * @param type {@code F32}, {@code F16} or {@code BF16}
   */
  public static void write(Path folder, ModelConfig config, TensorType type, Values values) {
    Architecture architecture = Architectures.ofHf(config.architecture()).orElseThrow();
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    for (Weight weight : Weight.values()) {
      for (int layer = 0; layer < config.copies(weight); layer++) {
        int at = layer;
        String name = architecture.hfName(weight, layer);
        writer.tensor(name, type, config.shape(weight), () -> values.of(weight, at));
      }
    }
    try {
      byte[] json =
          new ObjectMapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsBytes(HfConfigWriter.json(config, DTYPES.get(type)));
      Files.createDirectories(folder);
      writer.write(folder.resolve("model.safetensors"));
      Files.write(folder.resolve("config.json"), json);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the model to " + folder, e);
    }
  }
}
