package dev.plumbline.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.export.Forwards;
import dev.plumbline.export.TinyBase;
import dev.plumbline.export.TinyFinetune;
import dev.plumbline.export.TinyMixture;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.MergedBase;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MergeExportTest {
  private static final double SAME = 1e-4;

  @TempDir Path folder;

  private MergeExport.Rounded merge(Path model, Path peft, Path out) throws IOException {
    Files.createDirectories(out);
    try (FolderBase base = FolderBase.open(model)) {
      MergeExport export = new MergeExport(base, MergedBase.of(base, peft), name -> {});
      assertThat(export.write(out)).isEmpty();
      try (FolderBase written = FolderBase.open(out)) {
        return export.rounded(written);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void write_anyFinetune_isTheBaseWearingIt(TinyBase kind) throws IOException {
    Path model = kind.write(folder.resolve("base"));
    for (boolean embedding : new boolean[] {false, true}) {
      Path peft = TinyFinetune.write(folder.resolve("finetune-" + embedding), kind, embedding);
      Path out = folder.resolve("merged-" + embedding);
      assertThat(merge(model, peft, out).share()).isZero();
      long[] tokens = TinyBase.tokens(24, TinyBase.VOCABULARY, 4);
      float[] worn = Forwards.worn(model, peft, tokens);
      assertThat(Forwards.distance(Forwards.plain(out, tokens), worn)).isLessThan(SAME);
      assertThat(Forwards.distance(Forwards.plain(model, tokens), worn)).isGreaterThan(100 * SAME);
      try (FolderBase written = FolderBase.open(out)) {
        assertThat(written.shape().tied()).isEqualTo(kind.tied() && !embedding);
      }
    }
  }

  @Test
  void write_intoAShortType_saysWhatRoundingTook() throws IOException {
    Path model = TinyBase.QWEN3.write(folder.resolve("base"), TensorType.BF16);
    Path peft = TinyFinetune.write(folder.resolve("finetune"), TinyBase.QWEN3, false);
    MergeExport.Rounded rounded = merge(model, peft, folder.resolve("merged"));
    assertThat(rounded.share()).isBetween(1e-4, 0.1);
    assertThat(rounded.tensor()).startsWith("model.layers.");
  }

  @Test
  void of_aBaseTheRuntimeReadsNoAdaptersFor_saysWhatToDo() throws IOException {
    Path model = TinyMixture.write(folder.resolve("base"), "mixtral", TensorType.F32);
    try (FolderBase base = FolderBase.open(model)) {
      assertThatThrownBy(() -> MergedBase.of(base, folder.resolve("finetune")))
          .hasMessageContainingAll("mixtral", "merge it with the tool that trained it");
    }
  }
}
