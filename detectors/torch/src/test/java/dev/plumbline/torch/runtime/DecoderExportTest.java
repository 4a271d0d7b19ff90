package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.reference.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderExportTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama_tied",
        "llama3_scaled",
        "llama_linear",
        "llama_tied_bf16",
        "mistral_window",
        "qwen2",
        "qwen3"
      })
  void write_ofALoadedModel_isTheSameModel(String name) {
    try (Checkpoint original = Checkpoint.open(Golden.folder(name));
        Decoder decoder = DecoderLoader.load(original, Precision.FLOAT32, Device.cpu())) {
      DecoderExport.write(decoder, original.config(), folder, TensorType.F32);
      try (Checkpoint written = Checkpoint.open(folder)) {
        assertThat(written.config()).isEqualTo(original.config());
        for (Weight weight : Weight.values()) {
          for (int layer = 0; layer < original.config().copies(weight); layer++) {
            assertThat(written.read(weight, layer))
                .as("%s", weight.at(layer))
                .isEqualTo(original.read(weight, layer));
          }
        }
      }
    }
  }
}
