package dev.plumbline.export.base;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.FiniteCheck;
import dev.plumbline.torch.checkpoint.file.SafetensorsFolder;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import dev.plumbline.torch.checkpoint.file.TensorSource;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A Hugging Face folder, one file or shards; mixtures of experts too. */
public final class FolderBase implements Base {
  private static final String CONFIG = "config.json";

  private final Path folder;
  private final JsonNode config;
  private final SafetensorsFolder tensors;
  private final BaseShape shape;

  private FolderBase(Path folder, JsonNode config, SafetensorsFolder tensors) {
    this.folder = folder;
    this.config = config;
    this.tensors = tensors;
    String type = config.path("model_type").asText("");
    Layout.requireKnown(folder.resolve(CONFIG), type);
    this.shape =
        new BaseShape(
            type,
            number("num_hidden_layers"),
            number("hidden_size"),
            number("vocab_size"),
            config.path("tie_word_embeddings").asBoolean(Layout.tiedByDefault(type)));
    refuseQuantised();
  }

  /**
   * Opens a folder; reads no weights.
   *
   * @throws BadFileException if it is unsound or of a kind whose tensors' roles are not known
   */
  public static FolderBase open(Path folder) {
    JsonNode config = StrictJson.object(folder.resolve(CONFIG), StrictJson.CONFIG_BYTES);
    SafetensorsFolder tensors = SafetensorsFolder.open(folder);
    try {
      return new FolderBase(folder, config, tensors);
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  private int number(String key) {
    JsonNode value = config.path(key);
    if (!value.isInt() || value.intValue() < 1) {
      throw new BadFileException(
          folder.resolve(CONFIG),
          key,
          "a whole number above 0",
          value.isMissingNode() ? "nothing" : value.toString(),
          "Correct the key.");
    }
    return value.intValue();
  }

  private void refuseQuantised() {
    if (config.hasNonNull("quantization_config")) {
      throw new BadFileException(
          folder.resolve(CONFIG),
          "quantization_config",
          "none: F32, F16 or BF16 weights",
          "one",
          "Export from the weights it was quantised from, or from a GGUF file.");
    }
  }

  /** {@code config.json}; read only. */
  public JsonNode config() {
    return config;
  }

  /** The files' own view of the tensors. */
  public TensorSource tensors() {
    return tensors;
  }

  @Override
  public Path path() {
    return folder;
  }

  @Override
  public BaseShape shape() {
    return shape;
  }

  @Override
  public Set<String> names() {
    return tensors.names();
  }

  @Override
  public List<Long> shape(String name) {
    return tensors.info(name).shape();
  }

  @Override
  public TensorType type(String name) {
    return tensors.info(name).type();
  }

  @Override
  public void read(String name, long fromElement, float[] into, int count) {
    tensors.read(name, fromElement, into, 0, count);
    FiniteCheck.require(tensors.info(name), fromElement, into, 0, count);
  }

  @Override
  public void close() {
    tensors.close();
  }
}
