package dev.plumbline.torch.runtime;

import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Writes a Llama folder of any size with seeded random weights, for what needs bulk and no sense.
 */
public final class RandomCheckpoint {
  private RandomCheckpoint() {}

  /**
   * Writes {@code config.json} and {@code model.safetensors} (BF16).
   *
   * @param width D, a multiple of 64, the width of a head
   */
  public static Path write(Path folder, int layers, int width, int inner, int vocabulary)
      throws IOException {
    int heads = width / 64;
    Files.writeString(
        folder.resolve("config.json"),
        String.format(
            "{\"model_type\":\"llama\",\"num_hidden_layers\":%d,\"hidden_size\":%d,"
                + "\"intermediate_size\":%d,\"vocab_size\":%d,\"num_attention_heads\":%d,"
                + "\"num_key_value_heads\":%d,\"head_dim\":64,\"rms_norm_eps\":1e-5,"
                + "\"rope_theta\":10000.0,\"max_position_embeddings\":2048,"
                + "\"tie_word_embeddings\":true,\"bos_token_id\":1,\"eos_token_id\":2}",
            layers, width, inner, vocabulary, heads, Math.max(1, heads / 4)));
    SafetensorsWriter writer = new SafetensorsWriter();
    tensor(writer, "model.embed_tokens.weight", vocabulary, width);
    tensor(writer, "model.norm.weight", width);
    for (int layer = 0; layer < layers; layer++) {
      String block = "model.layers." + layer + ".";
      int shared = Math.max(1, heads / 4) * 64;
      tensor(writer, block + "input_layernorm.weight", width);
      tensor(writer, block + "post_attention_layernorm.weight", width);
      tensor(writer, block + "self_attn.q_proj.weight", width, width);
      tensor(writer, block + "self_attn.k_proj.weight", shared, width);
      tensor(writer, block + "self_attn.v_proj.weight", shared, width);
      tensor(writer, block + "self_attn.o_proj.weight", width, width);
      tensor(writer, block + "mlp.gate_proj.weight", inner, width);
      tensor(writer, block + "mlp.up_proj.weight", inner, width);
      tensor(writer, block + "mlp.down_proj.weight", width, inner);
    }
    writer.write(folder.resolve("model.safetensors"));
    return folder;
  }

  private static void tensor(SafetensorsWriter writer, String name, int... shape) {
    List<Long> sizes =
        Stream.of(shape).flatMapToInt(java.util.Arrays::stream).asLongStream().boxed().toList();
    int count = java.util.Arrays.stream(shape).reduce(1, Math::multiplyExact);
    writer.tensor(name, TensorType.BF16, sizes, () -> values(name, shape, count));
  }

  /** Ones for norms, uniform numbers of variance 1/in for matrices. */
  private static float[] values(String name, int[] shape, int count) {
    float[] values = new float[count];
    Random random = new Random(name.hashCode());
    float reach = shape.length == 1 ? 0 : (float) Math.sqrt(12.0 / shape[1]);
    for (int i = 0; i < count; i++) {
      values[i] = shape.length == 1 ? 1 : reach * (random.nextFloat() - 0.5f);
    }
    return values;
  }
}
