package dev.plumbline.torch.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeftAdapterTest {
  private static final ModelConfig BASE =
      new ModelConfig(
          "llama",
          2,
          8,
          2,
          1,
          4,
          12,
          5,
          1e-5,
          1e4,
          new RopeScaling.None(),
          true,
          false,
          false,
          false,
          64,
          OptionalInt.empty(),
          OptionalInt.empty(),
          List.of());

  @TempDir Path folder;

  private static PeftAdapter adapter() {
    LowRank q = new LowRank(8, 8, 2, CheckpointTest.numbered(16), CheckpointTest.numbered(16));
    LowRank down = new LowRank(12, 8, 2, CheckpointTest.numbered(24), CheckpointTest.numbered(16));
    return new PeftAdapter(
        2, 16, true, Map.of(new Target(0, Weight.Q), q, new Target(1, Weight.DOWN), down));
  }

  @Test
  void open_written_givesTheSame() {
    PeftAdapterWriter.write(folder, adapter(), "base", TensorType.F32);
    PeftAdapter read = PeftAdapter.open(folder, BASE);
    assertThat(read.scaling()).isEqualTo(16 / Math.sqrt(2));
    assertThat(read.changes())
        .containsOnlyKeys(new Target(0, Weight.Q), new Target(1, Weight.DOWN));
    LowRank down = read.changes().get(new Target(1, Weight.DOWN));
    assertThat(down.in()).isEqualTo(12);
    assertThat(down.a()).isEqualTo(CheckpointTest.numbered(24));
  }

  @Test
  void open_withTheEmbedding_givesTheSame() {
    LowRank embedding =
        new LowRank(5, 8, 2, CheckpointTest.numbered(10), CheckpointTest.numbered(16));
    PeftAdapter both = new PeftAdapter(2, 4, false, adapter().changes(), Optional.of(embedding));
    PeftAdapterWriter.write(folder, both, "base", TensorType.F32);
    PeftAdapter read = PeftAdapter.open(folder, BASE);
    assertThat(read.changes()).hasSize(2);
    assertThat(read.embedding().orElseThrow().a()).isEqualTo(CheckpointTest.numbered(10));
    assertThat(read.embedding().orElseThrow().in()).isEqualTo(5);
  }

  @Test
  void open_unsupportedOptions_refusedByKey() throws IOException {
    PeftAdapterWriter.write(folder, adapter(), "base", TensorType.BF16);
    Path config = folder.resolve("adapter_config.json");
    String good = Files.readString(config);
    for (String[] change :
        new String[][] {
          {"\"use_dora\" : false", "\"use_dora\" : true"},
          {"\"bias\" : \"none\"", "\"bias\" : \"all\""},
          {"\"modules_to_save\" : null", "\"modules_to_save\" : [\"lm_head\"]"},
          {"\"r\" : 2", "\"r\" : 0"},
          {"\"q_proj\"", "\"q_proj\", \"k_proj\""},
          {"\"r\" : 2", "\"r\" : 4"}
        }) {
      assertThat(good).contains(change[0]);
      Files.writeString(config, good.replace(change[0], change[1]));
      assertThatThrownBy(() -> PeftAdapter.open(folder, BASE)).isInstanceOf(BadFileException.class);
    }
  }

  @Test
  void open_tensorThatWouldNotApply_refusedByName() {
    PeftAdapterWriter.write(folder, adapter(), "base", TensorType.F32);
    String stray = "base_model.model.lm_head.lora_A.weight";
    new SafetensorsWriter()
        .tensor(stray, TensorType.F32, List.of(2L, 8L), () -> new float[16])
        .write(folder.resolve("adapter_model.safetensors"));
    assertThatThrownBy(() -> PeftAdapter.open(folder, BASE)).hasMessageContaining(stray);
  }
}
