package dev.plumbline.export.gguf;

import dev.plumbline.torch.checkpoint.file.GgufWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A GGUF base of 2 blocks with seeded weights, D = 4: what an adapter needs to see, no more. */
final class TinyBase {
  static final int HIDDEN = 4;
  static final int VOCAB = 6;
  private static final int INNER = 5;

  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
  private final Map<String, float[]> weights = new HashMap<>();
  private final Random random = new Random(11);

  private TinyBase(boolean tied, int experts, boolean bias) {
    add("token_embd.weight", VOCAB, HIDDEN);
    if (!tied) {
      add("output.weight", VOCAB, HIDDEN);
    }
    for (int layer = 0; layer < 2; layer++) {
      block("blk." + layer + ".", experts, bias);
    }
  }

  private void block(String block, int experts, boolean bias) {
    add(block + "attn_norm.weight", HIDDEN);
    add(block + "ffn_norm.weight", HIDDEN);
    for (String reader : List.of("attn_q", "attn_k", "attn_v")) {
      add(block + reader + ".weight", HIDDEN, HIDDEN);
    }
    add(block + "attn_output.weight", HIDDEN, HIDDEN);
    if (bias) {
      add(block + "attn_output.bias", HIDDEN);
    }
    if (experts == 0) {
      add(block + "ffn_gate.weight", INNER, HIDDEN);
      add(block + "ffn_up.weight", INNER, HIDDEN);
      add(block + "ffn_down.weight", HIDDEN, INNER);
    } else {
      add(block + "ffn_gate_inp.weight", experts, HIDDEN);
      add(block + "ffn_gate_exps.weight", experts, INNER, HIDDEN);
      add(block + "ffn_up_exps.weight", experts, INNER, HIDDEN);
      add(block + "ffn_down_exps.weight", experts, HIDDEN, INNER);
    }
  }

  static TinyBase tied() {
    return new TinyBase(true, 0, false);
  }

  static TinyBase untied() {
    return new TinyBase(false, 0, true);
  }

  static TinyBase mixture(int experts) {
    return new TinyBase(false, experts, false);
  }

  void add(String name, long... shape) {
    long count = 1;
    for (long extent : shape) {
      count *= extent;
    }
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    shapes.put(name, Arrays.stream(shape).boxed().toList());
    weights.put(name, values);
  }

  float[] weight(String name) {
    return weights.get(name);
  }

  Path write(Path file) {
    GgufWriter writer =
        new GgufWriter()
            .text("general.architecture", "llama")
            .u32("llama.block_count", 2)
            .u32("llama.embedding_length", HIDDEN)
            .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    shapes.forEach(
        (name, shape) -> writer.tensor(name, TensorType.F32, shape, () -> weights.get(name)));
    writer.write(file);
    return file;
  }
}
