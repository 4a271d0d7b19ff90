package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.FiniteCheck;
import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.SafetensorsFolder;
import dev.plumbline.torch.checkpoint.file.TensorInfo;
import dev.plumbline.torch.checkpoint.file.TensorSource;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.text.ChatTemplate;
import dev.plumbline.torch.text.ChatTemplates;
import dev.plumbline.torch.text.GgufTokenizer;
import dev.plumbline.torch.text.TextTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A decoder on disk, a Hugging Face folder or a GGUF file, seen the same way: one configuration,
 * weights by their role in Hugging Face's row order, tokenizer and chat template.
 *
 * <p>Opening checks every tensor's presence and shape and reads no weights. Reads come from the
 * mapped file and are refused where they hold NaN or infinity. Safe for several reading threads;
 * {@link #close()} after the last.
 */
public final class Checkpoint implements AutoCloseable {
  private static final String CONFIG = "config.json";
  private static final String GENERATION = "generation_config.json";
  private static final String TOKENIZER = "tokenizer.json";

  private final Path path;
  private final ModelConfig config;
  private final TensorSource tensors;
  private final Names names;
  private final boolean permuted;

  /** What the file calls a weight. */
  @FunctionalInterface
  interface Names {
    String name(Weight weight, int layer);
  }

  private Checkpoint(
      Path path, ModelConfig config, TensorSource tensors, Names names, boolean permuted) {
    this.path = path;
    this.config = config;
    this.tensors = tensors;
    this.names = names;
    this.permuted = permuted;
    Shapes.require(config, tensors, names);
  }

  /**
   * Opens a model folder or a GGUF file.
   *
   * @throws BadFileException if it is unsound, of an unknown architecture, or lacks tensors
   */
  public static Checkpoint open(Path folderOrGguf) {
    return Files.isDirectory(folderOrGguf) ? openFolder(folderOrGguf) : openGguf(folderOrGguf);
  }

  private static Checkpoint openFolder(Path folder) {
    HfValues config = HfValues.read(folder.resolve(CONFIG));
    String type = config.text("model_type", "");
    Architecture architecture =
        Architectures.ofHf(type)
            .orElseThrow(() -> config.bad("model_type", "one of " + Architectures.names(), type));
    HfValues generation = HfValues.readIfPresent(folder.resolve(GENERATION));
    ModelConfig read = architecture.fromHf(config, generation);
    return new Checkpoint(
        folder, read, SafetensorsFolder.open(folder), architecture::hfName, false);
  }

  private static Checkpoint openGguf(Path path) {
    Gguf file = Gguf.open(path);
    String key = "general.architecture";
    String type = file.metadata().requireText(key);
    Architecture architecture =
        Architectures.ofGguf(type)
            .orElseThrow(() -> file.metadata().bad(key, "one of " + Architectures.names(), type));
    return new Checkpoint(
        path,
        architecture.fromGguf(file),
        file,
        architecture::ggufTensorName,
        architecture.ggufPermutesQueryAndKey());
  }

  /** The folder or file. */
  public Path path() {
    return path;
  }

  /** The decoder's shape. */
  public ModelConfig config() {
    return config;
  }

  /** How a weight is stored: the loader may choose to upload it as it is. */
  public TensorType type(Weight weight, int layer) {
    return info(weight, layer).type();
  }

  /**
   * Reads {@code count} elements of a weight from {@code fromElement} on, row-major and in Hugging
   * Face's row order, as float32.
   *
   * @throws BadFileException if one of them is NaN or infinite
   * @throws IllegalArgumentException if this decoder has no such weight
   */
  public void read(Weight weight, int layer, long fromElement, float[] into, int at, int count) {
    TensorInfo info = info(weight, layer);
    Objects.checkFromIndexSize(fromElement, count, info.elements());
    if (isPermuted(weight)) {
      rows(weight, info).read(tensors, info, fromElement, into, at, count);
    } else {
      tensors.read(info.name(), fromElement, into, at, count);
    }
    FiniteCheck.require(info, fromElement, into, at, count);
  }

  /** All of a weight that fits one array. */
  public float[] read(Weight weight, int layer) {
    float[] all = new float[Math.toIntExact(info(weight, layer).elements())];
    read(weight, layer, 0, all, 0, all.length);
    return all;
  }

  /** The model's tokenizer, which the caller closes. */
  public TextTokenizer tokenizer() {
    return tensors instanceof Gguf gguf
        ? GgufTokenizer.open(gguf)
        : TextTokenizer.open(path.resolve(TOKENIZER));
  }

  /** The model's chat template, if it has one. */
  public Optional<ChatTemplate> chatTemplate() {
    return tensors instanceof Gguf gguf ? ChatTemplates.inGguf(gguf) : ChatTemplates.inFolder(path);
  }

  /**
   * SHA-256, as lower-case hex, over configuration, and name, shape, type and bytes of every
   * weight: what an artefact pins. Reads everything; the split into shards does not matter, the
   * storage type does.
   */
  public String fingerprint() {
    return new Fingerprint(config, tensors, names).full();
  }

  /**
   * The same over at most 64 KiB of every tensor, evenly spread: fast for any size, but blind to
   * small edits between.
   */
  public String quickFingerprint() {
    return new Fingerprint(config, tensors, names).sampled();
  }

  private boolean isPermuted(Weight weight) {
    return permuted
        && switch (weight) {
          case Q, K, Q_BIAS, K_BIAS -> true;
          default -> false;
        };
  }

  private RotaryRows rows(Weight weight, TensorInfo info) {
    long width = weight.matrix() ? info.shape().get(1) : 1;
    return new RotaryRows(config.headDim(), width);
  }

  private TensorInfo info(Weight weight, int layer) {
    if (!config.has(weight)) {
      throw new IllegalArgumentException(
          "wanted a weight that "
              + path
              + " has, found "
              + weight
              + ". Ask config().has(...) first.");
    }
    Objects.checkIndex(layer, config.copies(weight));
    return tensors.info(names.name(weight, layer));
  }

  @Override
  public void close() {
    tensors.close();
  }
}
