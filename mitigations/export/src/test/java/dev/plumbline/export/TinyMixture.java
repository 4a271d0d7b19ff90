package dev.plumbline.export;

import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Tiny mixtures of experts, Mixtral's and Qwen's key layouts, in two shards with an index. */
public final class TinyMixture {
  public static final int HIDDEN = 16;
  public static final int LAYERS = 2;
  public static final int EXPERTS = 3;
  public static final int INNER = 12;
  public static final int VOCABULARY = 20;

  private TinyMixture() {}

  /** The folder of a {@code mixtral} or {@code qwen3_moe} model. */
  public static Path write(Path folder, String modelType, TensorType type) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"),
        String.format(
            "{\"model_type\":\"%s\",\"num_hidden_layers\":%d,\"hidden_size\":%d,"
                + "\"vocab_size\":%d,\"tie_word_embeddings\":true,\"num_local_experts\":%d}",
            modelType, LAYERS, HIDDEN, VOCABULARY, EXPERTS));
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    Files.writeString(folder.resolve("LICENSE"), "yours");
    Files.writeString(folder.resolve("modeling.py"), "pass");
    StringJoiner map = new StringJoiner(",");
    for (int shard = 0; shard < 2; shard++) {
      String file = "model-0000" + (shard + 1) + "-of-00002.safetensors";
      SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
      for (Object[] tensor : tensors(modelType, shard)) {
        add(writer, (String) tensor[0], type, (long[]) tensor[1]);
        map.add("\"" + tensor[0] + "\":\"" + file + "\"");
      }
      writer.write(folder.resolve(file));
    }
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":1,\"kept\":true},\"weight_map\":{" + map + "}}");
    return folder;
  }

  private static List<Object[]> tensors(String modelType, int shard) {
    List<Object[]> all = new ArrayList<>();
    if (shard == 0) {
      all.add(new Object[] {"model.embed_tokens.weight", new long[] {VOCABULARY, HIDDEN}});
      all.add(new Object[] {"model.norm.weight", new long[] {HIDDEN}});
    }
    String block = "model.layers." + shard + ".";
    for (String name : List.of("q", "k", "v", "o")) {
      all.add(
          new Object[] {block + "self_attn." + name + "_proj.weight", new long[] {HIDDEN, HIDDEN}});
    }
    all.add(new Object[] {block + "input_layernorm.weight", new long[] {HIDDEN}});
    all.add(new Object[] {block + "post_attention_layernorm.weight", new long[] {HIDDEN}});
    boolean mixtral = modelType.equals("mixtral");
    String moe = block + (mixtral ? "block_sparse_moe." : "mlp.");
    all.add(new Object[] {moe + "gate.weight", new long[] {EXPERTS, HIDDEN}});
    for (int expert = 0; expert < EXPERTS; expert++) {
      String at = moe + "experts." + expert + ".";
      all.add(
          new Object[] {
            at + (mixtral ? "w1" : "gate_proj") + ".weight", new long[] {INNER, HIDDEN}
          });
      all.add(
          new Object[] {at + (mixtral ? "w3" : "up_proj") + ".weight", new long[] {INNER, HIDDEN}});
      all.add(
          new Object[] {
            at + (mixtral ? "w2" : "down_proj") + ".weight", new long[] {HIDDEN, INNER}
          });
    }
    return all;
  }

  private static void add(SafetensorsWriter writer, String name, TensorType type, long... shape) {
    int count = 1;
    List<Long> sides = new ArrayList<>();
    for (long side : shape) {
      count *= (int) side;
      sides.add(side);
    }
    float[] values = new float[count];
    Random random = new Random(name.hashCode());
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    writer.tensor(name, type, sides, () -> values);
  }
}
