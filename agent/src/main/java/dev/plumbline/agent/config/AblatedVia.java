package dev.plumbline.agent.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How an origin is asked for answers without the direction. */
public enum AblatedVia {
  /** It cannot be. */
  OFF,
  /** By another model name: vLLM, SGLang, LoRAX. */
  MODEL,
  /** By {@code lora} in the request: llama.cpp. */
  LORA,
  /** By the {@code plumbline-mode} header: the origin is an agent that serves its model itself. */
  HEADER,
  /** By another origin, which serves an orthogonalised checkpoint. */
  ORIGIN;

  static Optional<AblatedVia> find(String word) {
    return Arrays.stream(values()).filter(via -> via.toString().equals(word)).findFirst();
  }

  static String words() {
    return Arrays.stream(values()).map(AblatedVia::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
