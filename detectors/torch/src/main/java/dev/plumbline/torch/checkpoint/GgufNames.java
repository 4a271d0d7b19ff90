package dev.plumbline.torch.checkpoint;

/** The tensor names that GGUF decoders of the Llama kind share. */
final class GgufNames {
  private GgufNames() {}

  static String name(Weight weight, int layer) {
    return switch (weight) {
      case EMBED -> "token_embd.weight";
      case FINAL_NORM -> "output_norm.weight";
      case HEAD -> "output.weight";
      default -> "blk." + layer + "." + inBlock(weight);
    };
  }

  private static String inBlock(Weight weight) {
    return switch (weight) {
      case ATTN_NORM -> "attn_norm.weight";
      case Q -> "attn_q.weight";
      case K -> "attn_k.weight";
      case V -> "attn_v.weight";
      case Q_BIAS -> "attn_q.bias";
      case K_BIAS -> "attn_k.bias";
      case V_BIAS -> "attn_v.bias";
      case O -> "attn_output.weight";
      case O_BIAS -> "attn_output.bias";
      case Q_NORM -> "attn_q_norm.weight";
      case K_NORM -> "attn_k_norm.weight";
      case MLP_NORM -> "ffn_norm.weight";
      case GATE -> "ffn_gate.weight";
      case UP -> "ffn_up.weight";
      case DOWN -> "ffn_down.weight";
      case EMBED, FINAL_NORM, HEAD ->
          throw new IllegalArgumentException("not in a block: " + weight);
    };
  }
}
