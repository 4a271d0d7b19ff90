package dev.plumbline.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.export.adapter.AdapterPlan;
import dev.plumbline.export.adapter.AdapterWriter;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.checkpoint.CheckpointExport;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link IdentityTest} of mixtures of experts, which the runtime does not run: in float64. */
class MixtureIdentityTest {
  private static final double SAME = 1e-5;
  private static final long[] TOKENS = TinyBase.tokens(24, TinyMixture.VOCABULARY, 4);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"mixtral, experts.1.w2", "qwen3_moe, experts.1.down_proj"})
  void adapterAndCheckpoint_ofAMixture_areTheForwardAblatedAfterEveryWriter(
      String modelType, String expert) throws IOException {
    Path model = TinyMixture.write(folder.resolve("base"), modelType, TensorType.F32);
    Direction d = TinyBase.direction(TinyMixture.HIDDEN, 6);
    Path adapter = folder.resolve("adapter");
    Path written = Files.createDirectory(folder.resolve("orthogonalised"));
    try (FolderBase base = FolderBase.open(model)) {
      new AdapterWriter(base, new HeapMeter(), name -> {})
          .write(adapter, AdapterPlan.everywhere(d), "base", TensorType.F32);
      new CheckpointExport(base, new HeapMeter(), name -> {}).write(written, d, point -> 1);
    }
    float[] ablated = new MixtureForward(model).ablated(d).logits(TOKENS);
    assertThat(distance(new MixtureForward(model).wearing(adapter, "?"), ablated)).isLessThan(SAME);
    assertThat(distance(new MixtureForward(written), ablated)).isLessThan(SAME);
    assertThat(distance(new MixtureForward(model), ablated)).isGreaterThan(1000 * SAME);
    assertThat(distance(new MixtureForward(model).wearing(adapter, expert), ablated))
        .isGreaterThan(1000 * SAME);
  }

  private static double distance(MixtureForward model, float[] wanted) {
    return Forwards.distance(model.logits(TOKENS), wanted);
  }
}
