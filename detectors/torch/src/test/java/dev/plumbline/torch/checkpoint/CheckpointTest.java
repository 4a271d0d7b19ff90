package dev.plumbline.torch.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.FiniteCheck;
import dev.plumbline.torch.checkpoint.file.Safetensors;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code tiny-llama.gguf} was written with the {@code gguf} package, Q and K permuted as
 * llama.cpp's converter documents: {@code w.reshape(heads, 2, d/2, in).swapaxes(1, 2)}.
 */
class CheckpointTest {
  private static final Path TINY = Path.of("src/test/resources/checkpoint/tiny-llama.gguf");

  @TempDir Path folder;

  static final String CONFIG =
      """
      {"model_type":"llama","hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2,
       "num_key_value_heads":1,"intermediate_size":12,"vocab_size":5,"rms_norm_eps":1e-5,
       "tie_word_embeddings":true,"eos_token_id":[1,2]}""";

  static float[] numbered(long count) {
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 251 - 125) / 16f;
    }
    return values;
  }

  /** Writes all tensors of a folder but those whose name contains {@code without}. */
  private Path model(String without, TensorType type) throws IOException {
    Files.writeString(folder.resolve("config.json"), CONFIG);
    HfValues values = HfValues.read(folder.resolve("config.json"));
    ModelConfig config = new Llama().fromHf(values, HfValues.readIfPresent(folder.resolve("none")));
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Weight weight : Weight.values()) {
      for (int layer = 0; layer < config.copies(weight); layer++) {
        String name = HfNames.name(weight, layer);
        List<Long> shape = config.shape(weight);
        long count = shape.stream().reduce(1L, (a, b) -> a * b);
        if (!name.contains(without)) {
          writer.tensor(name, type, shape, () -> numbered(count));
        }
      }
    }
    writer.write(folder.resolve("model.safetensors"));
    return folder;
  }

  @Test
  void open_folder_readsByRole() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(model("nothing", TensorType.BF16))) {
      assertThat(checkpoint.config().tieWordEmbeddings()).isTrue();
      assertThat(checkpoint.config().eosIds()).containsExactly(1, 2);
      assertThat(checkpoint.read(Weight.DOWN, 1)).isEqualTo(numbered(96));
      assertThat(checkpoint.type(Weight.Q, 0)).isEqualTo(TensorType.BF16);
      assertThat(checkpoint.chatTemplate()).isEmpty();
      assertThatThrownBy(() -> checkpoint.read(Weight.HEAD, 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void open_missingTensors_reportsAllByName() throws IOException {
    model("mlp.up", TensorType.F32);
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("model.layers.0.mlp.up_proj.weight wanted [12, 8] found none")
        .hasMessageContaining("model.layers.1.mlp.up_proj.weight");
  }

  @Test
  void open_configOfAnotherModel_reportsShapes() throws IOException {
    model("nothing", TensorType.F32);
    Files.writeString(folder.resolve("config.json"), CONFIG.replace(":12", ":16"));
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .hasMessageContaining("6 tensors")
        .hasMessageContaining("mlp.gate_proj.weight wanted [16, 8] found F32 [12, 8]");
  }

  @Test
  void open_shards_readsEachFromItsFile() throws IOException {
    model("nothing", TensorType.F32);
    Files.move(folder.resolve("model.safetensors"), folder.resolve("a.safetensors"));
    StringBuilder map = new StringBuilder();
    try (Safetensors all = Safetensors.open(folder.resolve("a.safetensors"))) {
      all.names().forEach(n -> map.append(",\"" + n + "\":\"a.safetensors\""));
    }
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{" + map.substring(1) + "}}");
    assertThat(Checkpoint.open(folder).read(Weight.UP, 0)).isEqualTo(numbered(96));
    Files.writeString(index, "{\"weight_map\":{\"x\":\"../a.safetensors\"}}");
    assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("weight_map.x");
  }

  @Test
  void read_nanWeights_namedWithElement() throws IOException {
    model("embed", TensorType.F32);
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] = 0x7f;
    bytes[bytes.length - 2] = (byte) 0xc0;
    Files.write(folder.resolve("b.safetensors"), bytes);
    assertThatThrownBy(
            () -> {
              try (Safetensors all = Safetensors.open(folder.resolve("b.safetensors"))) {
                String last = all.names().stream().reduce((a, b) -> b).orElseThrow();
                float[] values = all.read(last);
                FiniteCheck.require(all.info(last), 0, values, 0, values.length);
              }
            })
        .hasMessageContaining("mlp.down_proj.weight element 95");
  }

  @Test
  void fingerprint_oneByteElsewhere_changes() throws IOException {
    String first = Checkpoint.open(model("nothing", TensorType.F32)).fingerprint();
    assertThat(Checkpoint.open(folder).fingerprint()).isEqualTo(first).hasSize(64);
    assertThat(Checkpoint.open(folder).quickFingerprint()).hasSize(64);
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 3] ^= 1;
    Files.delete(file);
    Files.write(file, bytes);
    assertThat(Checkpoint.open(folder).fingerprint()).isNotEqualTo(first);
  }

  @Test
  void read_llamaGguf_undoesThePermutationOfQueryAndKey() {
    try (Checkpoint checkpoint = Checkpoint.open(TINY)) {
      assertThat(checkpoint.config().architecture()).isEqualTo("llama");
      assertThat(checkpoint.config().rmsNormEps()).isEqualTo(1e-5);
      float[] wanted = numbered(32 * 32);
      assertThat(checkpoint.read(Weight.Q, 0)).isEqualTo(wanted);
      float[] k = checkpoint.read(Weight.K, 0);
      for (int i = 0; i < k.length; i++) {
        assertThat(k[i]).isEqualTo(2 * wanted[i]);
      }
      float[] part = new float[50];
      checkpoint.read(Weight.Q, 0, 55, part, 0, 50);
      for (int i = 0; i < 50; i++) {
        assertThat(part[i]).isEqualTo(wanted[55 + i]);
      }
      assertThat(checkpoint.read(Weight.O, 0)).isEqualTo(wanted);
      assertThat(checkpoint.type(Weight.GATE, 0)).isEqualTo(TensorType.Q8_0);
    }
  }

  @Test
  void stored_everyRow_isTheDocumentedPermutation() {
    RotaryRows rows = new RotaryRows(8, 1);
    long[] stored = new long[16];
    for (int r = 0; r < 16; r++) {
      stored[r] = rows.stored(r);
    }
    assertThat(stored).containsExactly(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15);
    assertThat(new Qwen2().ggufPermutesQueryAndKey()).isFalse();
    assertThat(new Qwen3().ggufPermutesQueryAndKey()).isFalse();
  }

  @Test
  void tokenizer_ofGguf_splitsDigitsAndMerges() {
    try (Checkpoint checkpoint = Checkpoint.open(TINY);
        TextTokenizer tokenizer = checkpoint.tokenizer()) {
      assertThat(tokenizer.encode("ab ac11", false)).containsExactly(3, 5, 6, 7, 7);
      assertThat(checkpoint.chatTemplate().orElseThrow().eosToken()).isEqualTo("<|end|>");
    }
  }
}
