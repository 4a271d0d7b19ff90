package dev.plumbline.agent.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which way an origin hands over its own hidden states. */
public enum StatesSource {
  /** It does not. */
  OFF("off"),
  /** Found out by asking it, one origin at a time. */
  AUTO("auto"),
  /** vLLM's {@code extract_hidden_states}, by files on a shared volume. */
  VLLM_FILES("vllm-files"),
  /** vLLM with a plugin that answers with {@code activations.residual_stream}. */
  VLLM_CAPTURE("vllm-capture"),
  /** SGLang's {@code return_hidden_states}. */
  SGLANG("sglang"),
  /** Output tensors of the Open Inference Protocol, over REST and gRPC. */
  OIP("oip");

  private final String word;

  StatesSource(String word) {
    this.word = word;
  }

  static Optional<StatesSource> find(String word) {
    return Arrays.stream(values()).filter(source -> source.word.equals(word)).findFirst();
  }

  static String words() {
    return Arrays.stream(values()).map(source -> source.word).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return word;
  }
}
