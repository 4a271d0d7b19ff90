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
 * and LoRAX ignores modules it does not know with no more than a warning. PEFT takes all. llama.cpp
 * loads the same adapter converted by {@link dev.plumbline.export.gguf.PeftToGguf}; it finds
 * adapters by tensor, and aborts on one of an embedding that is the head too.
 */
public enum Server {
  VLLM,
  SGLANG,
  LORAX,
  PEFT,
  LLAMA_CPP;

  /**
   * Whether this server takes an adapter of the embedding of such a model.
   *
   * @param tied whether the embedding is the head too
   */
  public boolean takesEmbedding(String modelType, boolean tied) {
    return switch (this) {
      case PEFT -> true;
      case LLAMA_CPP -> !tied;
      case VLLM -> !modelType.startsWith("gemma") && !Layout.isMixture(modelType);
      case SGLANG, LORAX -> false;
    };
  }

  /** The lower-case name of options and files. */
  public String wireName() {
    return this == LLAMA_CPP ? "llama.cpp" : name().toLowerCase(Locale.ROOT);
  }

  /** The server of a wire name. */
  public static Server parse(String name) {
    return Arrays.stream(values())
        .filter(server -> server.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "server: wanted vllm, sglang, lorax, peft or llama.cpp, found '"
                        + name
                        + "'; name one of them"));
  }
}
