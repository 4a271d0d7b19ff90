package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tensors of a block that write to the residual stream or read it, by llama.cpp's names. */
enum BlockTensor {
  ATTN_Q("attn_q", Part.READS_ATTENTION),
  ATTN_K("attn_k", Part.READS_ATTENTION),
  ATTN_V("attn_v", Part.READS_ATTENTION),
  ATTN_QKV("attn_qkv", Part.READS_ATTENTION),
  ATTN_OUTPUT("attn_output", Part.WRITES_MID),
  FFN_GATE("ffn_gate", Part.READS_MLP),
  FFN_UP("ffn_up", Part.READS_MLP),
  FFN_GATE_EXPS("ffn_gate_exps", Part.READS_MLP),
  FFN_UP_EXPS("ffn_up_exps", Part.READS_MLP),
  FFN_GATE_SHEXP("ffn_gate_shexp", Part.READS_MLP),
  FFN_UP_SHEXP("ffn_up_shexp", Part.READS_MLP),
  FFN_DOWN("ffn_down", Part.WRITES_POST),
  FFN_DOWN_EXPS("ffn_down_exps", Part.WRITES_POST),
  FFN_DOWN_SHEXP("ffn_down_shexp", Part.WRITES_POST);

  private enum Part {
    READS_ATTENTION,
    WRITES_MID,
    READS_MLP,
    WRITES_POST
  }

  /** Neither write nor read, or read and take no adapter here: routers. */
  private static final Set<String> OTHERS =
      Set.of("attn_norm", "ffn_norm", "attn_q_norm", "attn_k_norm", "attn_rot_embd");

  /** Read the stream and are left as they are. */
  static final Set<String> ROUTERS = Set.of("ffn_gate_inp", "ffn_gate_inp_shexp");

  private static final Set<String> OUTSIDE =
      Set.of(
          LoraPair.EMBEDDING,
          "output.weight",
          "output.bias",
          "output_norm.weight",
          "output_norm.bias",
          "rope_freqs.weight",
          "rope_factors_long.weight",
          "rope_factors_short.weight");
  private static final Pattern NAME =
      Pattern.compile("blk\\.\\d{1,5}\\.(\\w+)\\.(?:weight|bias|scale)");

  private final String name;
  private final Part part;

  BlockTensor(String name, Part part) {
    this.name = name;
    this.part = part;
  }

  boolean writes() {
    return part == Part.WRITES_MID || part == Part.WRITES_POST;
  }

  /** Such as {@code blk.3.ffn_down}. */
  String in(int layer) {
    return "blk." + layer + "." + name;
  }

  /** The norm before a reader, such as {@code blk.3.ffn_norm}. */
  String norm(int layer) {
    return "blk." + layer + (part == Part.READS_ATTENTION ? ".attn_norm" : ".ffn_norm");
  }

  /** Right after a writer; what a reader reads. */
  TapPoint point(int layer) {
    return switch (part) {
      case READS_ATTENTION -> layer == 0 ? TapPoint.EMBED : TapPoint.residPost(layer - 1);
      case WRITES_MID, READS_MLP -> TapPoint.residMid(layer);
      case WRITES_POST -> TapPoint.residPost(layer);
    };
  }

  /**
   * Refuses a base with a tensor whose part in the residual stream is not known: a writer that was
   * overlooked would put the direction back, a norm behind a writer would turn it into another.
   */
  static void requireKnown(LlamaCppBase base) {
    for (String tensor : base.names()) {
      Check.that(
          OUTSIDE.contains(tensor) || knownInBlock(tensor),
          "base of architecture " + base.architecture(),
          "tensors whose part in the residual stream is known",
          tensor,
          "ablate in the forward pass");
    }
  }

  private static boolean knownInBlock(String tensor) {
    Matcher parts = NAME.matcher(tensor);
    return parts.matches()
        && (OTHERS.contains(parts.group(1))
            || ROUTERS.contains(parts.group(1))
            || named(parts.group(1)).isPresent());
  }

  private static Optional<BlockTensor> named(String name) {
    return Arrays.stream(values()).filter(each -> each.name.equals(name)).findFirst();
  }
}
