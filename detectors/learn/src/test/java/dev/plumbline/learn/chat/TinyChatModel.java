package dev.plumbline.learn.chat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.CheckpointWriter;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.RopeScaling;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** A chat model of random weights over bytes: two layers, a template, a tokenizer of 258 tokens. */
public final class TinyChatModel {
  static final int LAYERS = 2;
  private static final int END = 257;
  private static final String TEMPLATE =
      "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
          + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TinyChatModel() {}

  public static Path write(Path folder) throws IOException {
    ModelConfig config =
        new ModelConfig(
            "llama",
            LAYERS,
            16,
            2,
            1,
            8,
            32,
            258,
            1e-5,
            10_000,
            new RopeScaling.None(),
            true,
            false,
            false,
            false,
            2048,
            OptionalInt.empty(),
            OptionalInt.empty(),
            List.of(END));
    CheckpointWriter.write(folder, config, TensorType.F32, (w, layer) -> weight(config, w, layer));
    Files.write(folder.resolve("tokenizer.json"), MAPPER.writeValueAsBytes(tokenizer()));
    ObjectNode template = MAPPER.createObjectNode();
    template.put("chat_template", TEMPLATE).put("eos_token", "<|im_end|>");
    Files.write(folder.resolve("tokenizer_config.json"), MAPPER.writeValueAsBytes(template));
    return folder;
  }

  private static float[] weight(ModelConfig config, Weight weight, int layer) {
    long size = config.shape(weight).stream().reduce(1L, Math::multiplyExact);
    float[] values = new float[Math.toIntExact(size)];
    Random random = new Random(31L * weight.ordinal() + layer);
    for (int i = 0; i < values.length; i++) {
      values[i] = weight.matrix() ? (float) (0.3 * random.nextGaussian()) : 1;
    }
    return values;
  }

  private static ObjectNode tokenizer() {
    ObjectNode root = MAPPER.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding").putNull("normalizer").putNull("post_processor");
    for (String name : List.of("<|im_start|>", "<|im_end|>")) {
      ObjectNode added = root.withArray("added_tokens").addObject();
      added.put("id", name.contains("start") ? 256 : END).put("content", name);
      added.put("single_word", false).put("lstrip", false).put("rstrip", false);
      added.put("normalized", false).put("special", true);
    }
    for (String part : List.of("pre_tokenizer", "decoder")) {
      ObjectNode level = root.putObject(part).put("type", "ByteLevel");
      level.put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", true);
    }
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token").putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix").put("fuse_unk", false).put("byte_fallback", false);
    model.putArray("merges");
    ObjectNode vocabulary = model.putObject("vocab");
    int shifted = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b > 32 && b < 127) || (b > 160 && b != 173);
      vocabulary.put(Character.toString(printable ? b : shifted++), b);
    }
    return root;
  }
}
