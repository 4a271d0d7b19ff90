package dev.plumbline.export.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.TinyBase;
import dev.plumbline.export.TinyMixture;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.Safetensors;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterWriterTest {
  private static final Direction D = TinyBase.direction(TinyBase.HIDDEN, 5);

  @TempDir Path folder;

  private static AdapterPlan plan(Server server, String modelType, Variant variant, Direction d) {
    boolean embedding = variant.writers() && server.takesEmbedding(modelType, false);
    return new AdapterPlan(d, point -> 1, variant, embedding);
  }

  private Map<String, List<Long>> written(Path model, AdapterPlan plan) {
    try (Base base = Base.open(model)) {
      new AdapterWriter(base, new HeapMeter(), name -> {})
          .write(folder.resolve("adapter"), plan, "org/base", TensorType.F32);
    }
    Map<String, List<Long>> shapes = new TreeMap<>();
    try (Safetensors file = Safetensors.open(folder.resolve("adapter/adapter_model.safetensors"))) {
      file.names().forEach(name -> shapes.put(name, file.info(name).shape()));
    }
    return shapes;
  }

  private JsonNode config() throws IOException {
    return new ObjectMapper()
        .readTree(Files.readString(folder.resolve("adapter/adapter_config.json")));
  }

  private static Map<String, List<Long>> golden(boolean embedding) {
    Map<String, List<Long>> wanted = new TreeMap<>();
    String prefix = "base_model.model.model.";
    if (embedding) {
      wanted.put(prefix + "embed_tokens.lora_embedding_A", List.of(1L, 50L));
      wanted.put(prefix + "embed_tokens.lora_embedding_B", List.of(32L, 1L));
    }
    for (int layer = 0; layer < 3; layer++) {
      String block = prefix + "layers." + layer + ".";
      wanted.put(block + "self_attn.o_proj.lora_A.weight", List.of(1L, 32L));
      wanted.put(block + "self_attn.o_proj.lora_B.weight", List.of(32L, 1L));
      wanted.put(block + "mlp.down_proj.lora_A.weight", List.of(1L, 40L));
      wanted.put(block + "mlp.down_proj.lora_B.weight", List.of(32L, 1L));
    }
    return wanted;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  @Test
  void write_forVllm_hasTheKeysAndShapesItLoads() throws IOException {
    Path model = TinyBase.LLAMA_UNTIED.write(folder.resolve("base"));
    assertThat(written(model, plan(Server.VLLM, "llama", Variant.WRITERS, D)))
        .isEqualTo(golden(true));
    JsonNode config = config();
    assertThat(config.path("r").intValue()).isEqualTo(1);
    assertThat(config.path("lora_alpha").intValue()).isEqualTo(1);
    assertThat(texts(config.path("target_modules")))
        .containsExactly("down_proj", "embed_tokens", "o_proj");
    assertThat(config.path("bias").asText()).isEqualTo("none");
    assertThat(config.path("peft_type").asText()).isEqualTo("LORA");
    assertThat(config.path("modules_to_save").isNull()).isTrue();
    assertThat(config.path("use_dora").asBoolean(true)).isFalse();
    assertThat(config.path("base_model_name_or_path").asText()).isEqualTo("org/base");
    assertThat(config.has("layers_to_transform")).isFalse();
  }

  @Test
  void write_forServersThatDoNotDocumentEmbeddings_leavesThemOut() throws IOException {
    Path model = TinyBase.LLAMA_TIED.write(folder.resolve("base"));
    for (Server server : List.of(Server.SGLANG, Server.LORAX)) {
      assertThat(written(model, plan(server, "llama", Variant.WRITERS, D)))
          .isEqualTo(golden(false));
      assertThat(texts(config().path("target_modules"))).containsExactly("down_proj", "o_proj");
    }
  }

  @Test
  void takesEmbedding_byServerAndModel_isAsDocumented() {
    assertThat(Server.VLLM.takesEmbedding("qwen2", false)).isTrue();
    assertThat(Server.VLLM.takesEmbedding("gemma", false)).isFalse();
    assertThat(Server.PEFT.takesEmbedding("gemma", false)).isTrue();
    assertThat(Server.SGLANG.takesEmbedding("llama", false)).isFalse();
    assertThat(Server.LORAX.takesEmbedding("llama", false)).isFalse();
    assertThat(Server.LLAMA_CPP.takesEmbedding("llama", false)).isTrue();
    assertThat(Server.LLAMA_CPP.takesEmbedding("llama", true)).isFalse();
  }

  @Test
  void write_bothSides_namesReadersToo() {
    Path model = TinyBase.QWEN3.write(folder.resolve("base"));
    Map<String, List<Long>> shapes = written(model, plan(Server.SGLANG, "qwen3", Variant.BOTH, D));
    String block = "base_model.model.model.layers.1.";
    assertThat(shapes).hasSize(3 * 7 * 2);
    assertThat(shapes.get(block + "self_attn.k_proj.lora_A.weight")).isEqualTo(List.of(1L, 32L));
    assertThat(shapes.get(block + "self_attn.k_proj.lora_B.weight")).isEqualTo(List.of(16L, 1L));
    assertThat(shapes.get(block + "mlp.gate_proj.lora_B.weight")).isEqualTo(List.of(40L, 1L));
  }

  @Test
  void write_mixtures_namesEveryExpertByItsLayout() throws IOException {
    Direction d = TinyBase.direction(TinyMixture.HIDDEN, 6);
    for (String[] each :
        new String[][] {
          {"mixtral", "block_sparse_moe.experts.2.w2"}, {"qwen3_moe", "mlp.experts.2.down_proj"}
        }) {
      Path model = TinyMixture.write(folder.resolve(each[0]), each[0], TensorType.F32);
      Map<String, List<Long>> shapes =
          written(model, plan(Server.VLLM, each[0], Variant.WRITERS, d));
      String module = "base_model.model.model.layers.1." + each[1];
      assertThat(shapes).hasSize(2 * TinyMixture.LAYERS * (1 + TinyMixture.EXPERTS));
      assertThat(shapes.get(module + ".lora_A.weight")).isEqualTo(List.of(1L, 12L));
      assertThat(shapes.get(module + ".lora_B.weight")).isEqualTo(List.of(16L, 1L));
      assertThat(texts(config().path("target_modules")))
          .containsExactly(
              each[0].equals("mixtral")
                  ? new String[] {"o_proj", "w2"}
                  : new String[] {"down_proj", "o_proj"});
    }
  }

  @Test
  void write_expertFactors_areTheProductsOfThatExpert() throws IOException {
    Direction d = TinyBase.direction(TinyMixture.HIDDEN, 6);
    Path model = TinyMixture.write(folder.resolve("base"), "mixtral", TensorType.F32);
    written(model, plan(Server.PEFT, "mixtral", Variant.WRITERS, d));
    String module = "model.layers.0.block_sparse_moe.experts.1.w2";
    try (Base base = Base.open(model);
        Safetensors file = Safetensors.open(folder.resolve("adapter/adapter_model.safetensors"))) {
      float[] w = new float[TinyMixture.HIDDEN * TinyMixture.INNER];
      base.read(module + ".weight", 0, w, w.length);
      float[] a = file.read("base_model.model." + module + ".lora_A.weight");
      float[] b = file.read("base_model.model." + module + ".lora_B.weight");
      for (int j = 0; j < a.length; j++) {
        double wanted = 0;
        for (int i = 0; i < TinyMixture.HIDDEN; i++) {
          wanted += d.exact()[i] * w[i * TinyMixture.INNER + j];
        }
        assertThat((double) a[j]).isCloseTo(wanted, within(1e-6));
      }
      for (int i = 0; i < b.length; i++) {
        assertThat((double) b[i]).isCloseTo(-d.exact()[i], within(1e-7));
      }
    }
  }

  @Test
  void write_fromALayerOn_namesTheLayers() throws IOException {
    Path model = TinyBase.LLAMA_TIED.write(folder.resolve("base"));
    AdapterPlan late =
        new AdapterPlan(D, point -> point.layer() >= 1 ? 0.5 : 0, Variant.WRITERS, true);
    Map<String, List<Long>> shapes = written(model, late);
    assertThat(shapes.keySet())
        .noneMatch(name -> name.contains("embed") || name.contains("layers.0."));
    assertThat(texts(config().path("layers_to_transform"))).containsExactly("1", "2");
  }

  @Test
  void biasComponents_ofAModelWithOutputBiases_areReported() {
    Path biased = TinyBase.LLAMA_BIAS.write(folder.resolve("biased"));
    Path plain = TinyBase.QWEN2_TIED.write(folder.resolve("plain"));
    AdapterPlan plan = AdapterPlan.everywhere(D);
    try (Base base = Base.open(biased);
        Base other = Base.open(plain)) {
      Map<TapPoint, Double> left =
          new AdapterWriter(base, new HeapMeter(), n -> {}).biasComponents(plan);
      assertThat(left.keySet()).hasSize(3).allMatch(point -> point.site() == Site.RESID_MID);
      assertThat(new AdapterWriter(other, new HeapMeter(), n -> {}).biasComponents(plan)).isEmpty();
    }
  }

  @Test
  void open_tensorOfUnknownRole_isRefused() throws IOException {
    Path model = TinyMixture.write(folder.resolve("base"), "mixtral", TensorType.F32);
    Path index = model.resolve("model.safetensors.index.json");
    String odd = "model.layers.0.mlp.experts.down_proj";
    new SafetensorsWriter()
        .tensor(odd, TensorType.F32, List.of(2L), () -> new float[2])
        .write(model.resolve("odd.safetensors"));
    Files.writeString(
        index,
        Files.readString(index)
            .replace("\"weight_map\":{", "\"weight_map\":{\"" + odd + "\":\"odd.safetensors\","));
    try (Base base = Base.open(model)) {
      assertThatThrownBy(() -> new AdapterWriter(base, new HeapMeter(), n -> {}))
          .isInstanceOf(BadFileException.class)
          .hasMessageContaining(odd);
    }
  }

  @Test
  void open_kindThatNormsWhatItWrites_isRefused() throws IOException {
    Path model = TinyMixture.write(folder.resolve("base"), "gemma2", TensorType.F32);
    assertThatThrownBy(() -> Base.open(model)).hasMessageContaining("gemma2");
  }

  @Test
  void write_tensorLargerThanAPiece_holdsNoMoreThanItsBound() throws IOException {
    Path model = folder.resolve("wide");
    Files.createDirectories(model);
    long width = 64;
    long vocabulary = 60_000;
    long inner = 50_000;
    Files.writeString(
        model.resolve("config.json"),
        "{\"model_type\":\"llama\",\"num_hidden_layers\":1,\"hidden_size\":64,\"vocab_size\":60000}");
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Object[] each :
        new Object[][] {
          {"model.embed_tokens.weight", List.of(vocabulary, width)},
          {"model.layers.0.self_attn.o_proj.weight", List.of(width, width)},
          {"model.layers.0.mlp.down_proj.weight", List.of(width, inner)}
        }) {
      @SuppressWarnings("unchecked")
      List<Long> shape = (List<Long>) each[1];
      writer.tensor(
          (String) each[0],
          TensorType.BF16,
          shape,
          () -> new float[(int) (shape.get(0) * shape.get(1))]);
    }
    writer.write(model.resolve("model.safetensors"));
    HeapMeter heap = new HeapMeter();
    try (Base base = Base.open(model)) {
      AdapterWriter export = new AdapterWriter(base, heap, n -> {});
      export.write(
          folder.resolve("adapter"),
          AdapterPlan.everywhere(TinyBase.direction(64, 2)),
          "wide",
          TensorType.F32);
      assertThat(heap.most()).isBetween(4L << 20, export.heapBound());
      assertThat(export.heapBound()).isLessThan(4 * vocabulary * width / 2);
      assertThat(heap.live()).isZero();
    }
  }
}
