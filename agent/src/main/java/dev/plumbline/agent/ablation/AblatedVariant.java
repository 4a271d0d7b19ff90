package dev.plumbline.agent.ablation;

/** How an origin is asked for an answer without the direction. */
public sealed interface AblatedVariant {
  /**
   * Whether the server that speaks answers itself, by token ids where it has any: the other's are
   * the same then. llama.cpp's has none.
   */
  default boolean sameServer() {
    return this instanceof Model || this instanceof Header;
  }

  /** Another value of the request's {@code model}: vLLM, LoRAX, SGLang ("base:adapter"). */
  record Model(String name) implements AblatedVariant {}

  /** llama.cpp: {@code "lora":[{"id":ID,"scale":SCALE}]} in the body. */
  record Lora(int id, double scale) implements AblatedVariant {}

  /** The origin is a Plumbline agent: the {@code plumbline-mode: ablate} header. */
  record Header() implements AblatedVariant {}

  /** Another origin of the configuration serves the ablated model, under this model name. */
  record Elsewhere(String origin, String model) implements AblatedVariant {}
}
