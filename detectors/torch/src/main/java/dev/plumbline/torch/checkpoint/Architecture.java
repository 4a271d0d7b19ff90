package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.Gguf;

/**
 * A family of decoders: how to read its shape from either format and what its files call the
 * weights.
 *
 * <p>To add one, implement {@link #bias}, {@link #qkNorm} and the names where they differ, and list
 * it in {@link Architectures}.
 */
public interface Architecture {
  /** The Hugging Face {@code model_type}. */
  String name();

  /** What the family decides about {@code config.json} beyond the common keys. */
  Traits traits(HfValues config);

  /** GGUF's {@code general.architecture}. */
  default String ggufName() {
    return name();
  }

  /**
   * Whether GGUF files of this family store the rows of Q and K interleaved, {@code [head, pair,
   * half]} where Hugging Face has {@code [head, half, pair]}.
   */
  default boolean ggufPermutesQueryAndKey() {
    return false;
  }

  /** The shape of a model folder's decoder. */
  default ModelConfig fromHf(HfValues config, HfValues generation) {
    return new HfConfigReader(this, config, generation).read();
  }

  /** The shape of a GGUF file's decoder. */
  default ModelConfig fromGguf(Gguf file) {
    return new GgufConfigReader(this, file).read();
  }

  /** The tensor's name in safetensors. */
  default String hfName(Weight weight, int layer) {
    return HfNames.name(weight, layer);
  }

  /** The tensor's name in GGUF. */
  default String ggufTensorName(Weight weight, int layer) {
    return GgufNames.name(weight, layer);
  }

  /**
   * What differs between families.
   *
   * @param attentionBias q, k and v projections have biases
   * @param outputBias the attention output projection has one
   * @param qkNorm heads' queries and keys are normed
   * @param defaultHeadDim the head width when the configuration does not say
   */
  record Traits(boolean attentionBias, boolean outputBias, boolean qkNorm, int defaultHeadDim) {}
}
