package dev.plumbline.export.gguf;

import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.GgufWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * A random mixture of experts that llama.cpp loads: 2 blocks, D = 64, 4 experts of which 2 are
 * used, and another model's tokenizer.
 */
final class TinyMixture {
  static final int HIDDEN = 64;
  private static final int INNER = 96;
  private static final int EXPERTS = 4;

  private final Gguf tokenizer;
  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

  TinyMixture(Gguf tokenizer) {
    this.tokenizer = tokenizer;
    long vocabulary = tokenizer.info(LoraPair.EMBEDDING).shape().get(0);
    add(LoraPair.EMBEDDING, vocabulary, HIDDEN);
    add("output_norm.weight", HIDDEN);
    add("output.weight", vocabulary, HIDDEN);
    for (int layer = 0; layer < 2; layer++) {
      block("blk." + layer + ".");
    }
  }

  private void block(String block) {
    add(block + "attn_norm.weight", HIDDEN);
    for (String each : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
      add(block + each + ".weight", HIDDEN, HIDDEN);
    }
    add(block + "ffn_norm.weight", HIDDEN);
    add(block + "ffn_gate_inp.weight", EXPERTS, HIDDEN);
    add(block + "ffn_gate_exps.weight", EXPERTS, INNER, HIDDEN);
    add(block + "ffn_up_exps.weight", EXPERTS, INNER, HIDDEN);
    add(block + "ffn_down_exps.weight", EXPERTS, HIDDEN, INNER);
  }

  private void add(String name, long... shape) {
    shapes.put(name, Arrays.stream(shape).boxed().toList());
  }

  /** Writes it with every tensor's values changed by {@code change(name, values)}. */
  void write(Path file, BiFunction<String, float[], float[]> change) {
    GgufWriter writer =
        new GgufWriter()
            .text("general.architecture", "llama")
            .u32("llama.block_count", 2)
            .u32("llama.context_length", 128)
            .u32("llama.embedding_length", HIDDEN)
            .u32("llama.feed_forward_length", INNER)
            .u32("llama.attention.head_count", 4)
            .u32("llama.attention.head_count_kv", 4)
            .u32("llama.expert_count", EXPERTS)
            .u32("llama.expert_used_count", 2)
            .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    tokenizer.metadata().keys().stream()
        .filter(key -> key.startsWith("tokenizer."))
        .forEach(key -> writer.value(key, tokenizer));
    shapes.forEach(
        (name, shape) ->
            writer.tensor(
                name, TensorType.F32, shape, () -> change.apply(name, values(name, shape))));
    writer.write(file);
  }

  private static float[] values(String name, List<Long> shape) {
    float[] values = new float[shape.stream().reduce(1L, Math::multiplyExact).intValue()];
    Random random = new Random(name.hashCode());
    boolean norm = shape.size() == 1;
    for (int i = 0; i < values.length; i++) {
      values[i] = (norm ? 1 : 0) + 0.15f * (float) random.nextGaussian();
    }
    return values;
  }
}
