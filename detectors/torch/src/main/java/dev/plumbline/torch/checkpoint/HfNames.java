package dev.plumbline.torch.checkpoint;

/** The tensor names that Hugging Face decoders of the Llama kind share. */
final class HfNames {
  private HfNames() {}

  static String name(Weight weight, int layer) {
    String block = "model.layers." + layer + ".";
    return switch (weight) {
      case EMBED -> "model.embed_tokens.weight";
      case FINAL_NORM -> "model.norm.weight";
      case HEAD -> "lm_head.weight";
      case ATTN_NORM -> block + "input_layernorm.weight";
      case MLP_NORM -> block + "post_attention_layernorm.weight";
      case Q_BIAS, K_BIAS, V_BIAS, O_BIAS -> block + module(weight) + ".bias";
      default -> block + module(weight) + ".weight";
    };
  }

  /** The module below a block, such as {@code self_attn.q_proj}. */
  static String module(Weight weight) {
    return switch (weight) {
      case Q, Q_BIAS -> "self_attn.q_proj";
      case K, K_BIAS -> "self_attn.k_proj";
      case V, V_BIAS -> "self_attn.v_proj";
      case O, O_BIAS -> "self_attn.o_proj";
      case Q_NORM -> "self_attn.q_norm";
      case K_NORM -> "self_attn.k_norm";
      case GATE -> "mlp.gate_proj";
      case UP -> "mlp.up_proj";
      case DOWN -> "mlp.down_proj";
      default -> throw new IllegalArgumentException("not a module of a block: " + weight);
    };
  }
}
