package dev.plumbline.torch.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A {@link ModelConfig} as Hugging Face's {@code config.json}, the inverse of the reader. */
final class HfConfigWriter {
  private static final Map<String, String> CLASSES =
      Map.of(
          "llama", "LlamaForCausalLM",
          "mistral", "MistralForCausalLM",
          "qwen2", "Qwen2ForCausalLM",
          "qwen3", "Qwen3ForCausalLM");

  private HfConfigWriter() {}

  /** The configuration; {@code dtype} is Hugging Face's name of the weights' type. */
  static ObjectNode json(ModelConfig c, String dtype) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.putArray("architectures").add(CLASSES.get(c.architecture()));
    json.put("model_type", c.architecture());
    json.put("vocab_size", c.vocab()).put("hidden_size", c.hidden());
    json.put("intermediate_size", c.intermediate()).put("num_hidden_layers", c.layers());
    json.put("num_attention_heads", c.heads()).put("num_key_value_heads", c.kvHeads());
    json.put("head_dim", c.headDim()).put("hidden_act", "silu");
    json.put("rms_norm_eps", c.rmsNormEps()).put("rope_theta", c.ropeTheta());
    json.put("max_position_embeddings", c.maxPositions());
    json.put("tie_word_embeddings", c.tieWordEmbeddings());
    json.put("attention_bias", c.outputBias()).put("mlp_bias", false);
    json.put("torch_dtype", dtype);
    c.bosId().ifPresent(id -> json.put("bos_token_id", id));
    eos(json, c);
    rope(json, c.ropeScaling());
    window(json, c);
    return json;
  }

  private static void eos(ObjectNode json, ModelConfig c) {
    if (c.eosIds().size() == 1) {
      json.put("eos_token_id", c.eosIds().get(0));
    } else if (c.eosIds().size() > 1) {
      ArrayNode ids = json.putArray("eos_token_id");
      c.eosIds().forEach(ids::add);
    }
  }

  private static void rope(ObjectNode json, RopeScaling scaling) {
    if (scaling instanceof RopeScaling.Linear linear) {
      json.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
    } else if (scaling instanceof RopeScaling.Llama3 llama) {
      ObjectNode rope = json.putObject("rope_scaling").put("rope_type", "llama3");
      rope.put("factor", llama.factor()).put("low_freq_factor", llama.lowFreq());
      rope.put("high_freq_factor", llama.highFreq());
      rope.put("original_max_position_embeddings", llama.originalMaxPosition());
    } else if (!(scaling instanceof RopeScaling.None)) {
      throw new IllegalArgumentException(
          "config.json: wanted plain, linear or llama3 rotary frequencies, found "
              + scaling
              + "; write this model as GGUF");
    }
  }

  private static void window(ObjectNode json, ModelConfig c) {
    if (c.slidingWindow().isPresent()) {
      json.put("sliding_window", c.slidingWindow().getAsInt());
    } else if (c.architecture().equals("mistral")) {
      json.putNull("sliding_window");
    }
    if (c.architecture().startsWith("qwen")) {
      json.put("use_sliding_window", c.slidingWindow().isPresent()).put("max_window_layers", 0);
    }
  }
}
