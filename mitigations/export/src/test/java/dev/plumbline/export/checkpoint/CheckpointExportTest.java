package dev.plumbline.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.TinyBase;
import dev.plumbline.export.TinyMixture;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.mitigations.AblationProfile;
import dev.plumbline.mitigations.LayerKernel;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointExportTest {
  private static final Direction D = TinyBase.direction(TinyMixture.HIDDEN, 5);

  @TempDir Path folder;

  private Leftover export(Path model, Path out, ToDoubleFunction<TapPoint> strength)
      throws IOException {
    Files.createDirectories(out);
    HeapMeter heap = new HeapMeter();
    try (FolderBase base = FolderBase.open(model)) {
      CheckpointExport export = new CheckpointExport(base, heap, name -> {});
      assertThat(export.write(out, D, strength)).containsExactly("modeling.py");
      assertThat(heap.most()).isLessThanOrEqualTo(export.heapBound());
      assertThat(heap.live()).isZero();
      try (FolderBase after = FolderBase.open(out)) {
        return Leftover.of(base, after, D, strength, heap);
      }
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(file));
  }

  @Test
  void write_shardsOfAMixture_keepsFilesTypesAndOrderAndUntiesTheHead() throws IOException {
    Path model = TinyMixture.write(folder.resolve("base"), "qwen3_moe", TensorType.BF16);
    Path out = folder.resolve("out");
    Leftover left = export(model, out, point -> 1);
    assertThat(left.checked()).isEqualTo(1 + 2 * (1 + TinyMixture.EXPERTS));
    assertThat(left.share()).isBetween(1e-5, 0.01);
    try (FolderBase before = FolderBase.open(model);
        FolderBase after = FolderBase.open(out)) {
      assertThat(after.names()).containsAll(before.names()).contains("lm_head.weight");
      for (String name : before.names()) {
        assertThat(after.type(name)).isEqualTo(TensorType.BF16);
        assertThat(after.tensors().info(name).file().getFileName())
            .isEqualTo(before.tensors().info(name).file().getFileName());
      }
      assertThat(after.tensors().read("lm_head.weight"))
          .isEqualTo(before.tensors().read("model.embed_tokens.weight"));
      String q = "model.layers.1.self_attn.q_proj.weight";
      assertThat(after.tensors().read(q)).isEqualTo(before.tensors().read(q));
      assertThat(after.shape().tied()).isFalse();
    }
    JsonNode index = json(out.resolve("model.safetensors.index.json"));
    assertThat(index.at("/weight_map/lm_head.weight").asText())
        .isEqualTo("model-00001-of-00002.safetensors");
    assertThat(index.at("/metadata/kept").asBoolean()).isTrue();
    assertThat(index.at("/metadata/total_size").asLong()).isGreaterThan(1000);
    JsonNode config = json(out.resolve("config.json"));
    assertThat(config.path("tie_word_embeddings").asBoolean(true)).isFalse();
    assertThat(config.path("num_local_experts").asInt()).isEqualTo(TinyMixture.EXPERTS);
    assertThat(out.resolve("tokenizer.json")).exists();
    assertThat(out.resolve("LICENSE")).exists();
  }

  @Test
  void write_byProfiles_changesEachLayerByItsStrength() throws IOException {
    Path model = TinyMixture.write(folder.resolve("base"), "mixtral", TensorType.F32);
    ToDoubleFunction<TapPoint> strength =
        new AblationProfile(
                new DepthProfile(1.2, 1, 0.4, 1).kernel(2),
                new DepthProfile(0.8, 0, 0.1, 0.5).kernel(2))
            ::strength;
    assertThat(export(model, folder.resolve("out"), strength).share()).isLessThan(1e-5);
    try (FolderBase before = FolderBase.open(model);
        FolderBase after = FolderBase.open(folder.resolve("out"))) {
      CheckpointExport export = new CheckpointExport(before, new HeapMeter(), n -> {});
      assertThat(export.changed(strength))
          .contains("model.layers.0.self_attn.o_proj.weight")
          .doesNotContain(
              "model.embed_tokens.weight", "model.layers.1.block_sparse_moe.experts.0.w2.weight");
      String unchanged = "model.layers.1.block_sparse_moe.experts.0.w2.weight";
      assertThat(after.tensors().read(unchanged)).isEqualTo(before.tensors().read(unchanged));
    }
  }

  @Test
  void strength_overDepth_isAKernel() {
    LayerKernel kernel = DepthProfile.parse("1.2,0.5,0.2,0.25").kernel(9);
    List<Double> found = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8).stream().map(kernel::strength).toList();
    assertThat(found).containsExactly(0.0, 0.0, 0.2, 0.7, 1.2, 0.7, 0.2, 0.0, 0.0);
  }
}
