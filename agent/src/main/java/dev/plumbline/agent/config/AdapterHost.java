package dev.plumbline.agent.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A model server whose way with adapters is known. */
public enum AdapterHost {
  VLLM("vllm"),
  SGLANG("sglang"),
  LORAX("lorax"),
  /** Found there, never loaded: it takes adapters at its start only. */
  LLAMA_CPP("llama.cpp");

  private final String word;

  AdapterHost(String word) {
    this.word = word;
  }

  static Optional<AdapterHost> find(String word) {
    return Arrays.stream(values()).filter(host -> host.word.equals(word)).findFirst();
  }

  static String words() {
    return Arrays.stream(values()).map(host -> host.word).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return word;
  }
}
