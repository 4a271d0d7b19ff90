package dev.plumbline.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.export.adapter.AdapterPlan;
import dev.plumbline.export.adapter.AdapterWriter;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.torch.checkpoint.CheckpointWriter;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.RopeScaling;
import dev.plumbline.torch.checkpoint.RotaryRows;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.GgufWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder and its conversion to GGUF give one and the same adapter, Q's and K's rows included. */
class LlamaCppFolderTest {
  private static final List<String> NAMES =
      List.of(
          "attn_norm",
          "attn_q",
          "attn_k",
          "attn_v",
          "attn_output",
          "ffn_norm",
          "ffn_gate",
          "ffn_up",
          "ffn_down");
  private static final List<Weight> WEIGHTS =
      List.of(
          Weight.ATTN_NORM,
          Weight.Q,
          Weight.K,
          Weight.V,
          Weight.O,
          Weight.MLP_NORM,
          Weight.GATE,
          Weight.UP,
          Weight.DOWN);

  @TempDir Path folder;

  private static ModelConfig config(String architecture) {
    return new ModelConfig(
        architecture,
        2,
        16,
        2,
        1,
        8,
        12,
        10,
        1e-5,
        10_000,
        new RopeScaling.None(),
        false,
        false,
        false,
        false,
        64,
        OptionalInt.empty(),
        OptionalInt.empty(),
        List.of());
  }

  private static float[] values(ModelConfig config, Weight weight, int layer) {
    int count = config.shape(weight).stream().reduce(1L, Math::multiplyExact).intValue();
    Random random = new Random(31L * weight.ordinal() + layer);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 1 + (float) random.nextGaussian();
    }
    return values;
  }

  private static void convert(ModelConfig config, Path file) {
    GgufWriter writer =
        new GgufWriter()
            .text("general.architecture", "llama")
            .u32("llama.block_count", config.layers())
            .u32("llama.embedding_length", config.hidden())
            .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    add(writer, config, "token_embd.weight", Weight.EMBED, 0);
    add(writer, config, "output.weight", Weight.HEAD, 0);
    for (int layer = 0; layer < config.layers(); layer++) {
      for (int i = 0; i < NAMES.size(); i++) {
        add(writer, config, "blk." + layer + "." + NAMES.get(i) + ".weight", WEIGHTS.get(i), layer);
      }
    }
    writer.write(file);
  }

  private static void add(
      GgufWriter writer, ModelConfig config, String name, Weight weight, int layer) {
    float[] values = values(config, weight, layer);
    boolean turned = weight == Weight.Q || weight == Weight.K;
    writer.tensor(
        name,
        TensorType.F32,
        config.shape(weight),
        () -> turned ? interleaved(config, values) : values);
  }

  private static float[] interleaved(ModelConfig config, float[] values) {
    int width = config.hidden();
    RotaryRows order = new RotaryRows(config.headDim(), width);
    float[] stored = new float[values.length];
    for (int row = 0; row < values.length / width; row++) {
      System.arraycopy(values, row * width, stored, (int) order.stored(row) * width, width);
    }
    return stored;
  }

  @Test
  void adapter_ofAFolderAndOfItsConversion_areTheSameBytes() throws Exception {
    Direction d = Direction.of(values(config("llama"), Weight.FINAL_NORM, 0));
    for (String architecture : List.of("llama", "mistral")) {
      ModelConfig config = config(architecture);
      Path model = folder.resolve(architecture);
      CheckpointWriter.write(
          model, config, TensorType.F32, (weight, layer) -> values(config, weight, layer));
      Path converted = folder.resolve(architecture + ".gguf");
      convert(config, converted);
      Path one = folder.resolve("one.gguf");
      Path other = folder.resolve("other.gguf");
      AblationLora.write(model, LoraPlan.both(d), one);
      AblationLora.Result result = AblationLora.write(converted, LoraPlan.both(d), other);
      assertThat(result.tensors()).hasSize(1 + 7 * config.layers());
      assertThat(Files.readAllBytes(one)).isEqualTo(Files.readAllBytes(other));
    }
  }

  /** Two ways to one adapter: from the base's tensors, and from the PEFT folder made of them. */
  @Test
  void adapter_convertedFromItsPeftFolder_isTheSameChanges() {
    ModelConfig config = config("llama");
    Direction d = Direction.of(values(config, Weight.FINAL_NORM, 0));
    Path model = folder.resolve("model");
    CheckpointWriter.write(
        model, config, TensorType.F32, (weight, layer) -> values(config, weight, layer));
    Path peft = folder.resolve("peft");
    try (Base base = Base.open(model)) {
      new AdapterWriter(base, new HeapMeter(), name -> {})
          .write(peft, AdapterPlan.everywhere(d), "model", TensorType.F32);
    }
    Path converted = folder.resolve("converted.gguf");
    Path derived = folder.resolve("derived.gguf");
    PeftToGguf.convert(peft, model, converted);
    AblationLora.write(model, LoraPlan.writers(d), derived);
    Gguf one = Gguf.open(converted);
    Gguf other = Gguf.open(derived);
    assertThat(one.names()).containsExactlyInAnyOrderElementsOf(other.names());
    for (String name : one.names()) {
      assertThat(one.info(name).shape()).isEqualTo(other.info(name).shape());
      assertThat(one.read(name)).containsExactly(other.read(name), within(1e-5f));
    }
  }
}
