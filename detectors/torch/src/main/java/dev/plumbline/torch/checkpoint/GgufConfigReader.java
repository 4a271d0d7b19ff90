package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.GgufMetadata;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Reads a {@link ModelConfig} from the metadata of a GGUF file; biases, q/k norms and a tied head
 * from its tensors.
 */
final class GgufConfigReader {
  private static final String TOKENIZER = "tokenizer.ggml.";
  private static final double DEFAULT_THETA = 10_000;

  private final Architecture architecture;
  private final Gguf file;
  private final GgufMetadata metadata;
  private final String prefix;

  GgufConfigReader(Architecture architecture, Gguf file) {
    this.architecture = architecture;
    this.file = file;
    this.metadata = file.metadata();
    this.prefix = architecture.ggufName() + ".";
  }

  ModelConfig read() {
    refuseUnsupported();
    int hidden = metadata.requireInteger(prefix + "embedding_length");
    int heads = required("attention.head_count");
    int headDim =
        metadata.integer(prefix + "attention.key_length").orElse(hidden / Math.max(1, heads));
    requireFullRotation(headDim);
    try {
      return new ModelConfig(
          architecture.name(),
          metadata.requireInteger(prefix + "block_count"),
          hidden,
          heads,
          metadata.sameInteger(prefix + "attention.head_count_kv").orElse(heads),
          headDim,
          required("feed_forward_length"),
          vocab(),
          epsilon(),
          metadata.number(prefix + "rope.freq_base").orElse(DEFAULT_THETA),
          GgufRope.scaling(file, prefix),
          !has(Weight.HEAD),
          has(Weight.Q_BIAS),
          has(Weight.O_BIAS),
          has(Weight.Q_NORM),
          metadata.requireInteger(prefix + "context_length"),
          metadata.integer(prefix + "attention.sliding_window"),
          metadata.integer(TOKENIZER + "bos_token_id"),
          eos());
    } catch (IllegalArgumentException e) {
      throw new BadFileException(
          file.path(),
          "the metadata",
          "a decoder that can exist",
          e.getMessage(),
          "Convert it again.",
          e);
    }
  }

  private void refuseUnsupported() {
    int experts = metadata.integer(prefix + "expert_count").orElse(0);
    if (experts > 0) {
      throw metadata.bad(prefix + "expert_count", "0: a dense model", Integer.toString(experts));
    }
  }

  private void requireFullRotation(int headDim) {
    int rotated = metadata.integer(prefix + "rope.dimension_count").orElse(headDim);
    int values = metadata.integer(prefix + "attention.value_length").orElse(headDim);
    if (rotated != headDim || values != headDim) {
      throw metadata.bad(
          prefix + "rope.dimension_count and value_length",
          "both the head width " + headDim,
          rotated + " and " + values);
    }
  }

  private boolean has(Weight weight) {
    return file.has(architecture.ggufTensorName(weight, 0));
  }

  private int required(String key) {
    return metadata
        .sameInteger(prefix + key)
        .orElseThrow(() -> metadata.missing(prefix + key, "a whole number"));
  }

  /** The rows of the embedding: {@code vocab_size} is optional and some files have it wrong. */
  private int vocab() {
    String embed = architecture.ggufTensorName(Weight.EMBED, 0);
    return Math.toIntExact(Math.min(Integer.MAX_VALUE, file.info(embed).shape().get(0)));
  }

  /**
   * Written as float32: 1e-5 comes as 9.99999974e-6, so it is rounded back to what the model was
   * trained with.
   */
  private double epsilon() {
    String key = prefix + "attention.layer_norm_rms_epsilon";
    double stored = metadata.number(key).orElseThrow(() -> metadata.missing(key, "a number"));
    return Double.parseDouble(Float.toString((float) stored));
  }

  private List<Integer> eos() {
    return Stream.of("eos_token_id", "eot_token_id", "eom_token_id")
        .map(key -> metadata.integer(TOKENIZER + key))
        .flatMapToInt(OptionalInt::stream)
        .boxed()
        .distinct()
        .toList();
  }
}
