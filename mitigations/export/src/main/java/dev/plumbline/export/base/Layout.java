package dev.plumbline.export.base;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which tensor does what, by Hugging Face's key layouts: dense decoders of the Llama kind,
 * Mixtral's {@code block_sparse_moe.experts.N.w2} and Qwen's {@code mlp.experts.N.down_proj}.
 *
 * <p>A tensor whose role is not known is an error: a writer that was overlooked would put the
 * direction back. Kinds that norm a writer's output before it is added (Gemma 2 and 3) are not
 * known on purpose: there no change of the writer takes a direction out.
 */
public final class Layout {
  private static final Set<String> KNOWN =
      Set.of("llama", "mistral", "qwen2", "qwen3", "gemma", "mixtral", "qwen2_moe", "qwen3_moe");
  private static final Pattern BLOCK = Pattern.compile("model\\.layers\\.(\\d{1,5})\\.(.+)");
  private static final String EXPERT = "(?:experts\\.\\d{1,5}\\.|shared_expert\\.)?";
  private static final Pattern DOWN =
      Pattern.compile(
          "(mlp\\." + EXPERT + "down_proj|block_sparse_moe\\.experts\\.\\d{1,5}\\.w2)\\.(\\w+)");
  private static final Pattern UP =
      Pattern.compile(
          "(mlp\\."
              + EXPERT
              + "(?:gate|up)_proj|block_sparse_moe\\.experts\\.\\d{1,5}\\.w[13])\\.(\\w+)");
  private static final Pattern OUT = Pattern.compile("(self_attn\\.o_proj)\\.(\\w+)");
  private static final Pattern QKV = Pattern.compile("(self_attn\\.[qkv]_proj)\\.(\\w+)");
  private static final Pattern ROUTER =
      Pattern.compile("(mlp\\.gate|mlp\\.shared_expert_gate|block_sparse_moe\\.gate)\\.weight");
  private static final Pattern INNER =
      Pattern.compile(
          "(input_layernorm|post_attention_layernorm|self_attn\\.[qk]_norm)\\.weight"
              + "|self_attn\\.rotary_emb\\.inv_freq");
  private static final String ATTENTION_NORM = "input_layernorm.weight";
  private static final String MLP_NORM = "post_attention_layernorm.weight";

  private Layout() {}

  /** Refuses a kind of model whose tensors' roles are not known. */
  static void requireKnown(Path file, String modelType) {
    if (!KNOWN.contains(modelType)) {
      throw new BadFileException(
          file,
          "model_type",
          "one whose writers are known: " + KNOWN.stream().sorted().toList(),
          "'" + modelType + "'",
          "Export from a model of one of these kinds.");
    }
  }

  /** Gemma ties its head where its configuration says nothing. */
  static boolean tiedByDefault(String modelType) {
    return modelType.equals("gemma");
  }

  /** What a norm of this kind adds to its stored gain: 1 for Gemma, which stores g − 1. */
  public static double gainOffset(String modelType) {
    return modelType.equals("gemma") ? 1 : 0;
  }

  /** Whether a layer's MLP is a mixture of experts. */
  public static boolean isMixture(String modelType) {
    return modelType.equals("mixtral") || modelType.endsWith("_moe");
  }

  /**
   * The roles of all tensors of a base, by name.
   *
   * @throws BadFileException if one has no known role, or a layer lacks its writers
   */
  public static Map<String, Role> of(Base base) {
    Map<String, Role> roles = new TreeMap<>();
    for (String name : base.names()) {
      roles.put(name, role(base, name));
    }
    Writers.require(base, roles);
    return roles;
  }

  private static Role role(Base base, String name) {
    switch (name) {
      case Names.EMBEDDING:
        return new Role.Embedding();
      case Names.HEAD:
        return new Role.BareReader();
      case Names.FINAL_NORM:
        return new Role.Inner();
      default:
        Matcher block = BLOCK.matcher(name);
        int layer = block.matches() ? Integer.parseInt(block.group(1)) : Integer.MAX_VALUE;
        if (layer >= base.shape().layers()) {
          throw unknown(base, name);
        }
        return inBlock(base, name, layer, block.group(2));
    }
  }

  private static Role inBlock(Base base, String name, int layer, String rest) {
    String prefix = "model.layers." + layer + ".";
    if (INNER.matcher(rest).matches()) {
      return new Role.Inner();
    }
    if (ROUTER.matcher(rest).matches()) {
      return new Role.BareReader();
    }
    Matcher part = OUT.matcher(rest);
    if (part.matches()) {
      return writer(base, name, TapPoint.residMid(layer), prefix + part.group(1), part.group(2));
    }
    part = DOWN.matcher(rest);
    if (part.matches()) {
      return writer(base, name, TapPoint.residPost(layer), prefix + part.group(1), part.group(2));
    }
    TapPoint before = TapPoint.residPre(layer).canonical(base.shape().layers());
    part = QKV.matcher(rest);
    if (part.matches()) {
      return reader(base, name, before, prefix, part, ATTENTION_NORM);
    }
    part = UP.matcher(rest);
    if (part.matches()) {
      return reader(base, name, TapPoint.residMid(layer), prefix, part, MLP_NORM);
    }
    throw unknown(base, name);
  }

  private static Role writer(Base base, String name, TapPoint point, String module, String kind) {
    return switch (kind) {
      case "weight" -> new Role.Writer(point, module);
      case "bias" -> new Role.WriterBias(point);
      default -> throw unknown(base, name);
    };
  }

  private static Role reader(
      Base base, String name, TapPoint point, String prefix, Matcher part, String norm) {
    return switch (part.group(2)) {
      case "weight" -> new Role.Reader(point, prefix + part.group(1), prefix + norm);
      case "bias" -> new Role.Inner();
      default -> throw unknown(base, name);
    };
  }

  private static BadFileException unknown(Base base, String name) {
    return new BadFileException(
        base.path(),
        "tensor " + name,
        "a tensor of a known role in " + base.shape().modelType(),
        "one whose part in the residual stream is not known",
        "Save the model with the names of its original checkpoint.");
  }
}
