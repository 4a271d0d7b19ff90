package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Reads a {@link ModelConfig} from {@code config.json} and {@code generation_config.json}. */
final class HfConfigReader {
  private static final Set<String> SILU = Set.of("silu", "swish");
  private static final int DEFAULT_POSITIONS = 2048;
  private static final double DEFAULT_THETA = 10_000;
  private static final double DEFAULT_EPS = 1e-6;

  private final Architecture architecture;
  private final HfValues config;
  private final HfValues generation;

  HfConfigReader(Architecture architecture, HfValues config, HfValues generation) {
    this.architecture = architecture;
    this.config = config;
    this.generation = generation;
  }

  ModelConfig read() {
    refuseUnsupported();
    Architecture.Traits traits = architecture.traits(config);
    HfValues rope = config.has("rope_parameters") ? config.object("rope_parameters") : config;
    try {
      return new ModelConfig(
          architecture.name(),
          config.integer("num_hidden_layers"),
          config.integer("hidden_size"),
          config.integer("num_attention_heads"),
          config.integer("num_key_value_heads", config.integer("num_attention_heads")),
          config.integer("head_dim", traits.defaultHeadDim()),
          config.integer("intermediate_size"),
          config.integer("vocab_size"),
          config.number("rms_norm_eps", DEFAULT_EPS),
          rope.number("rope_theta", config.number("rope_theta", DEFAULT_THETA)),
          HfRope.scaling(config),
          config.flag("tie_word_embeddings", false),
          traits.attentionBias(),
          traits.outputBias(),
          traits.qkNorm(),
          config.integer("max_position_embeddings", DEFAULT_POSITIONS),
          HfWindow.read(config),
          bos(),
          eos());
    } catch (IllegalArgumentException e) {
      throw new BadFileException(
          config.file(),
          "the configuration",
          "a decoder that can exist",
          e.getMessage(),
          "Correct it.",
          e);
    }
  }

  private void refuseUnsupported() {
    String activation = config.text("hidden_act", "silu");
    if (!SILU.contains(activation)) {
      throw config.bad("hidden_act", "silu", activation);
    }
    if (config.flag("mlp_bias", false)) {
      throw config.bad("mlp_bias", "false", "true");
    }
    if (config.number("partial_rotary_factor", 1) != 1) {
      throw config.bad("partial_rotary_factor", "1", "" + config.number("partial_rotary_factor"));
    }
    if (config.has("quantization_config")) {
      throw config.bad("quantization_config", "none: F32, F16 or BF16 weights", "one");
    }
  }

  private OptionalInt bos() {
    HfValues from = generation.has("bos_token_id") ? generation : config;
    return from.has("bos_token_id")
        ? OptionalInt.of(from.integer("bos_token_id"))
        : OptionalInt.empty();
  }

  /** The generation configuration decides, as it does for Hugging Face's own generation. */
  private List<Integer> eos() {
    return generation.has("eos_token_id")
        ? generation.integers("eos_token_id")
        : config.integers("eos_token_id");
  }
}
