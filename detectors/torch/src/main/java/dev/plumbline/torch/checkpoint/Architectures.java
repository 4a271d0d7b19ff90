package dev.plumbline.torch.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The decoder families this runtime knows. */
public final class Architectures {
  private static final List<Architecture> ALL =
      List.of(new Llama(), new Mistral(), new Qwen2(), new Qwen3());

  private Architectures() {}

  /** By Hugging Face's {@code model_type}. */
  public static Optional<Architecture> ofHf(String modelType) {
    return ALL.stream().filter(a -> a.name().equals(modelType)).findFirst();
  }

  /**
   * By GGUF's {@code general.architecture}; Mistral's files say {@code llama}, and are laid out so.
   */
  public static Optional<Architecture> ofGguf(String architecture) {
    return ALL.stream().filter(a -> a.ggufName().equals(architecture)).findFirst();
  }

  /** Their names, for messages. */
  static String names() {
    return ALL.stream().map(Architecture::name).collect(Collectors.joining(", "));
  }
}
