package dev.plumbline.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.adapter.AdapterPlan;
import dev.plumbline.export.adapter.AdapterWriter;
import dev.plumbline.export.adapter.Stacked;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.base.MergedBase;
import dev.plumbline.export.checkpoint.CheckpointExport;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.CheckpointWriter;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapterWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One direction taken out after every writer in forward, out of the checkpoint's writers, and by a
 * rank-1 adapter: one and the same model.
 */
class IdentityTest {
  /** What issue and reference promise, relative to the logits' norm. */
  private static final double SAME = 1e-4;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void checkpoint_orthogonalised_isTheForwardAblatedAfterEveryWriter(TinyBase kind)
      throws IOException {
    Path model = kind.write(folder.resolve("base"));
    Direction d = TinyBase.direction(TinyBase.HIDDEN, 7);
    long[] tokens = TinyBase.tokens(24, TinyBase.VOCABULARY, 3);
    float[] ablated = Forwards.edited(model, InterventionPlan.shared(d, TinyBase.LAYERS), tokens);
    float[] exported = Forwards.plain(orthogonalised(model, d), tokens);
    assertThat(Forwards.distance(exported, ablated)).isLessThan(SAME);
    assertThat(Forwards.distance(Forwards.plain(model, tokens), ablated)).isGreaterThan(100 * SAME);
  }

  @ParameterizedTest
  @MethodSource("dev.plumbline.export.TinyBase#withoutBias")
  void adapter_ofEveryWriter_isTheForwardAblatedAfterEveryWriter(TinyBase kind) {
    Path model = kind.write(folder.resolve("base"));
    Direction d = TinyBase.direction(TinyBase.HIDDEN, 8);
    long[] tokens = TinyBase.tokens(24, TinyBase.VOCABULARY, 4);
    float[] ablated = Forwards.edited(model, InterventionPlan.shared(d, TinyBase.LAYERS), tokens);
    float[] worn = Forwards.worn(model, adapter(model, d), tokens);
    assertThat(Forwards.distance(worn, ablated)).isLessThan(SAME);
  }

  @ParameterizedTest
  @MethodSource("dev.plumbline.export.TinyBase#withoutBias")
  void plan_withoutResidMid_isAnotherModel(TinyBase kind) {
    Path model = kind.write(folder.resolve("base"));
    Direction d = TinyBase.direction(TinyBase.HIDDEN, 8);
    long[] tokens = TinyBase.tokens(24, TinyBase.VOCABULARY, 4);
    Map<TapPoint, Intervention> without =
        new TreeMap<>(InterventionPlan.shared(d, TinyBase.LAYERS).interventions());
    without.keySet().removeIf(point -> point.site() == Site.RESID_MID);
    float[] partly = Forwards.edited(model, new InterventionPlan(without, TokenRange.ALL), tokens);
    float[] worn = Forwards.worn(model, adapter(model, d), tokens);
    assertThat(Forwards.distance(worn, partly)).isGreaterThan(100 * SAME);
  }

  @ParameterizedTest
  @MethodSource("dev.plumbline.export.TinyBase#withoutBias")
  void adapter_ofAFinetune_isTheFinetuneAblatedAfterEveryWriter(TinyBase kind) {
    Path model = kind.write(folder.resolve("base"));
    Direction d = TinyBase.direction(TinyBase.HIDDEN, 8);
    long[] tokens = TinyBase.tokens(24, TinyBase.VOCABULARY, 4);
    InterventionPlan plan = InterventionPlan.shared(d, TinyBase.LAYERS);
    for (boolean embedding : new boolean[] {false, true}) {
      Path tuned = TinyFinetune.write(folder.resolve("tuned-" + embedding), kind, embedding);
      float[] ablated = Forwards.edited(model, tuned, plan, tokens);
      float[] worn = Forwards.worn(model, stacked(model, tuned, d), tokens);
      assertThat(Forwards.distance(worn, ablated)).isLessThan(SAME);
      assertThat(Forwards.distance(Forwards.edited(model, plan, tokens), ablated))
          .isGreaterThan(100 * SAME);
      assertThat(Forwards.distance(Forwards.worn(model, tuned, tokens), ablated))
          .isGreaterThan(100 * SAME);
    }
  }

  @ParameterizedTest
  @EnumSource
  void checkpoint_ofAFinetune_isTheFinetuneAblatedAfterEveryWriter(TinyBase kind)
      throws IOException {
    Path model = kind.write(folder.resolve("base"));
    Direction d = TinyBase.direction(TinyBase.HIDDEN, 7);
    long[] tokens = TinyBase.tokens(24, TinyBase.VOCABULARY, 3);
    Path tuned = TinyFinetune.write(folder.resolve("tuned"), kind, true);
    InterventionPlan plan = InterventionPlan.shared(d, TinyBase.LAYERS);
    float[] ablated = Forwards.edited(model, tuned, plan, tokens);
    Path out = Files.createDirectory(folder.resolve("orthogonalised"));
    try (FolderBase base = FolderBase.open(model)) {
      new CheckpointExport(
              base, Optional.of(MergedBase.of(base, tuned)), new HeapMeter(), name -> {})
          .write(out, d, point -> 1);
    }
    assertThat(Forwards.distance(Forwards.plain(out, tokens), ablated)).isLessThan(SAME);
    assertThat(Forwards.distance(Forwards.worn(model, tuned, tokens), ablated))
        .isGreaterThan(100 * SAME);
  }

  @Test
  void smolLm2_threeWays_areTheSame() throws IOException {
    Path gguf = SmolFile.path();
    Path model = folder.resolve("base");
    Direction d;
    int layers;
    int vocabulary;
    try (Checkpoint checkpoint = Checkpoint.open(gguf)) {
      CheckpointWriter.write(model, checkpoint.config(), TensorType.F32, checkpoint::read);
      d = TinyBase.direction(checkpoint.config().hidden(), 9);
      layers = checkpoint.config().layers();
      vocabulary = checkpoint.config().vocab();
    }
    long[] tokens = TinyBase.tokens(24, vocabulary, 5);
    float[] ablated = Forwards.edited(gguf, InterventionPlan.shared(d, layers), tokens);
    assertThat(Forwards.distance(Forwards.worn(gguf, adapter(gguf, d), tokens), ablated))
        .isLessThan(SAME);
    Path exported = orthogonalised(model, d);
    assertThat(Forwards.distance(Forwards.plain(exported, tokens), ablated)).isLessThan(SAME);
    assertThat(Forwards.distance(Forwards.plain(model, tokens), ablated)).isGreaterThan(10 * SAME);
  }

  private Path orthogonalised(Path model, Direction d) throws IOException {
    Path out = Files.createDirectory(folder.resolve("orthogonalised"));
    try (FolderBase base = FolderBase.open(model)) {
      new CheckpointExport(base, new HeapMeter(), name -> {}).write(out, d, point -> 1);
    }
    return out;
  }

  /** The finetune and the direction's adapter of both, as one. */
  private Path stacked(Path model, Path tuned, Direction d) {
    Path out = folder.resolve("stacked");
    Path alone;
    try (Base base = MergedBase.of(Base.open(model), tuned)) {
      alone = adapter(base, d);
    }
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      PeftAdapter both =
          Stacked.of(
              PeftAdapter.open(tuned, checkpoint.config()),
              PeftAdapter.open(alone, checkpoint.config()));
      assertThat(both.rank()).isEqualTo(TinyFinetune.RANK + 1);
      PeftAdapterWriter.write(out, both, "base", TensorType.F32);
    }
    return out;
  }

  private Path adapter(Path model, Direction d) {
    try (Base base = Base.open(model)) {
      return adapter(base, d);
    }
  }

  private Path adapter(Base base, Direction d) {
    Path out = folder.resolve("adapter");
    new AdapterWriter(base, new HeapMeter(), name -> {})
        .write(out, AdapterPlan.everywhere(d), "base", TensorType.F32);
    return out;
  }
}
