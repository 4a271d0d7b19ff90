package dev.plumbline.learn.direction;

import ai.djl.Device;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapterWriter;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A random llama of two layers on disk, with a tokenizer of words {@code w0}, {@code w1}, … whose
 * embeddings are known: tokens from {@link #HARMFUL} on lie {@link #STRENGTH} along {@link
 * #planted()}.
 */
public final class TinyModel {
  public static final int HIDDEN = 16;
  public static final int LAYERS = 2;
  public static final int WORDS = 60;
  public static final int HARMFUL = 50;
  public static final float STRENGTH = 2;

  private static final int INNER = 24;

  private TinyModel() {}

  /** Where harmful words lie. */
  public static Direction planted() {
    float[] d = new float[HIDDEN];
    d[3] = 1;
    d[7] = -1;
    return Direction.of(d);
  }

  /** Writes the folder. */
  public static Path write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), CONFIG);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    weights(seed).write(folder.resolve("model.safetensors"));
    return folder;
  }

  public static Decoder decoder(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
    }
  }

  /** Loads a rank-1 adapter that writes along a direction after one layer's feed-forward. */
  public static void wear(Path folder, Decoder decoder, String name, PeftAdapter adapter) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      decoder.adapters().add(name, PeftAdapters.fuse(adapter, checkpoint.config()));
    }
  }

  /** The adapter: {@code down_proj += scale · d aᵀ} with a seeded a. */
  public static PeftAdapter adapter(int layer, Direction direction, double scale, long seed) {
    float[] b = direction.components();
    for (int i = 0; i < b.length; i++) {
      b[i] *= (float) scale;
    }
    float[] a = gaussians(INNER, 1, new Random(seed));
    return new PeftAdapter(
        1,
        1,
        false,
        Map.of(new PeftAdapter.Target(layer, Weight.DOWN), new LowRank(INNER, HIDDEN, 1, a, b)));
  }

  public static Path writeAdapter(Path folder, PeftAdapter adapter) {
    PeftAdapterWriter.write(folder, adapter, "tiny", TensorType.F32);
    return folder;
  }

  /** Row of the embedding {@code [D]}, as it is written. */
  public static float[] embedding(long seed, int token) {
    float[] table = embeddings(new Random(seed));
    float[] row = new float[HIDDEN];
    System.arraycopy(table, token * HIDDEN, row, 0, HIDDEN);
    return row;
  }

  private static float[] embeddings(Random random) {
    float[] table = gaussians(WORDS * HIDDEN, 1, random);
    float[] d = planted().components();
    for (int token = HARMFUL; token < WORDS; token++) {
      for (int i = 0; i < HIDDEN; i++) {
        table[token * HIDDEN + i] += STRENGTH * d[i];
      }
    }
    return table;
  }

  private static SafetensorsWriter weights(long seed) {
    Random random = new Random(seed);
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    float[] table = embeddings(random);
    add(writer, "model.embed_tokens.weight", List.of((long) WORDS, (long) HIDDEN), table);
    add(writer, "model.norm.weight", List.of((long) HIDDEN), ones());
    for (int layer = 0; layer < LAYERS; layer++) {
      String block = "model.layers." + layer + ".";
      add(writer, block + "input_layernorm.weight", List.of((long) HIDDEN), ones());
      add(writer, block + "post_attention_layernorm.weight", List.of((long) HIDDEN), ones());
      matrix(writer, block + "self_attn.q_proj", HIDDEN, HIDDEN, random);
      matrix(writer, block + "self_attn.k_proj", HIDDEN / 2, HIDDEN, random);
      matrix(writer, block + "self_attn.v_proj", HIDDEN / 2, HIDDEN, random);
      matrix(writer, block + "self_attn.o_proj", HIDDEN, HIDDEN, random);
      matrix(writer, block + "mlp.gate_proj", INNER, HIDDEN, random);
      matrix(writer, block + "mlp.up_proj", INNER, HIDDEN, random);
      matrix(writer, block + "mlp.down_proj", HIDDEN, INNER, random);
    }
    return writer;
  }

  private static void matrix(
      SafetensorsWriter writer, String name, int out, int in, Random random) {
    float[] values = gaussians(out * in, 0.2, random);
    add(writer, name + ".weight", List.of((long) out, (long) in), values);
  }

  private static void add(SafetensorsWriter writer, String name, List<Long> shape, float[] values) {
    writer.tensor(name, TensorType.F32, shape, () -> values);
  }

  private static float[] gaussians(int count, double scale, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  private static float[] ones() {
    float[] ones = new float[HIDDEN];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static String tokenizer() {
    String words =
        IntStream.range(2, WORDS)
            .mapToObj(i -> "\"w" + i + "\":" + i)
            .collect(Collectors.joining(","));
    return """
        {"version":"1.0","truncation":null,"padding":null,"normalizer":null,
         "added_tokens":[
          {"id":0,"content":"<u>","special":true,"single_word":false,"lstrip":false,"rstrip":false,"normalized":false},
          {"id":1,"content":"<a>","special":true,"single_word":false,"lstrip":false,"rstrip":false,"normalized":false}],
         "pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":null,
         "model":{"type":"WordLevel","vocab":{"<u>":0,"<a>":1,%s},"unk_token":"w2"}}
        """
        .formatted(words);
  }

  private static final String TEMPLATE =
      "{% for m in messages %}{% if m['role'] == 'assistant' %}<a>{% else %}<u>{% endif %}"
          + " {{ m['content'] }} {% endfor %}{% if add_generation_prompt %}<a>{% endif %}";

  private static final String CONFIG =
      """
      {"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":60,
       "hidden_size":16,"intermediate_size":24,"num_hidden_layers":2,"num_attention_heads":2,
       "num_key_value_heads":1,"max_position_embeddings":128,"rms_norm_eps":1e-5,
       "rope_theta":10000.0,"tie_word_embeddings":true,"torch_dtype":"float32",
       "bos_token_id":0,"eos_token_id":1,"hidden_act":"silu"}
      """;
}
