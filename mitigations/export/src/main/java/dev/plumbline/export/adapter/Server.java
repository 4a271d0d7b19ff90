package dev.plumbline.export.adapter;

import dev.plumbline.export.base.Layout;
import java.util.Arrays;
import java.util.Locale;

/**
 * Who is to load an adapter, and so what may be in it.
 *
 * <p>vLLM loads {@code lora_embedding_A/B} for classes that list {@code embed_tokens} in their
 * {@code embedding_modules}, as those of the Llama and Qwen kind do and Gemma's does not; an
 * unexpected module aborts its load. SGLang does not document embeddings among its target modules,
 * and LoRAX ignores modules it does not know with no more than a warning. PEFT takes all.
 */
public enum Server {
  VLLM,
  SGLANG,
  LORAX,
  PEFT;

  /** Whether this server takes an adapter of the embedding of such a model. */
  public boolean takesEmbedding(String modelType) {
    return switch (this) {
      case PEFT -> true;
      case VLLM -> !modelType.startsWith("gemma") && !Layout.isMixture(modelType);
      case SGLANG, LORAX -> false;
    };
  }

  /** The lower-case name of options and files. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The server of a wire name. */
  public static Server parse(String name) {
    return Arrays.stream(values())
        .filter(server -> server.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "server: wanted vllm, sglang, lorax or peft, found '"
                        + name
                        + "'; name one of them"));
  }
}
