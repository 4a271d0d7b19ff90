package dev.plumbline.export.residual;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.TinyBase;
import dev.plumbline.export.adapter.AdapterPlan;
import dev.plumbline.export.adapter.AdapterWriter;
import dev.plumbline.export.adapter.Variant;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.mitigations.Writers;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidualMeterTest {
  private static final Direction D = TinyBase.direction(TinyBase.HIDDEN, 8);
  private static final double NOTHING = 1e-4;

  @TempDir Path folder;

  private Residual measure(
      TinyBase kind, AdapterPlan adapter, InterventionPlan plan, OptionalDouble spread) {
    Path model = kind.write(folder.resolve("base"));
    try (Base base = Base.open(model)) {
      new AdapterWriter(base, new HeapMeter(), n -> {})
          .write(folder.resolve("adapter"), adapter, "base", TensorType.F32);
    }
    try (Checkpoint checkpoint = Checkpoint.open(model);
        Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu(), 128)) {
      PeftAdapter read = PeftAdapter.open(folder.resolve("adapter"), checkpoint.config());
      Seen seen =
          adapter.variant().readers()
              ? Seen.byReaders(D, adapter.strength(), TinyBase.LAYERS)
              : Seen.STREAM;
      List<Reading> texts =
          List.of(
              new Reading(TinyBase.tokens(20, TinyBase.VOCABULARY, 1), 1),
              new Reading(TinyBase.tokens(30, TinyBase.VOCABULARY, 2), 10));
      return new ResidualMeter(decoder)
          .measure(
              "plan",
              plan,
              PeftAdapters.fuse(read, checkpoint.config()),
              seen,
              texts,
              point -> spread);
    }
  }

  private static InterventionPlan shared() {
    return InterventionPlan.shared(D, TinyBase.LAYERS);
  }

  @Test
  void measure_exactAdapter_leavesNothing() {
    Residual residual =
        measure(TinyBase.LLAMA_TIED, AdapterPlan.everywhere(D), shared(), OptionalDouble.empty());
    assertThat(residual.points()).hasSize(1 + 2 * TinyBase.LAYERS);
    assertThat(residual.tokens()).isEqualTo(19 + 20);
    assertThat(residual.worst().rms()).isLessThan(NOTHING);
    assertThat(residual.points().get(0).untouched()).isGreaterThan(0.5);
    assertThat(residual.divergence()).isLessThan(1e-6);
    assertThat(residual.untouchedDivergence()).isGreaterThan(1e-3);
    assertThat(residual.within(NOTHING)).isTrue();
  }

  @Test
  void measure_halfTheStrength_leavesHalf() {
    AdapterPlan half = new AdapterPlan(D, point -> 0.5, Variant.WRITERS, true);
    Residual residual = measure(TinyBase.LLAMA_TIED, half, shared(), OptionalDouble.of(2));
    Remaining embed = residual.points().get(0);
    assertThat(embed.spread()).isEqualTo(2);
    assertThat(embed.rms() / embed.untouched()).isBetween(0.49, 0.51);
  }

  @Test
  void measure_biasesAlongTheDirection_areLeft() {
    Residual residual =
        measure(TinyBase.LLAMA_BIAS, AdapterPlan.everywhere(D), shared(), OptionalDouble.empty());
    assertThat(residual.points().get(0).rms()).isLessThan(NOTHING);
    assertThat(residual.worst().rms()).isGreaterThan(100 * NOTHING);
  }

  @Test
  void measure_embeddingLeftOut_isLeftInTheStreamAndUnreadWhereReadersLeaveItOut() {
    AdapterPlan writers = new AdapterPlan(D, point -> 1, Variant.WRITERS, false);
    AdapterPlan both = new AdapterPlan(D, point -> 1, Variant.BOTH, false);
    Residual stream = measure(TinyBase.MISTRAL_WINDOW, writers, shared(), OptionalDouble.empty());
    Residual unread = measure(TinyBase.MISTRAL_WINDOW, both, shared(), OptionalDouble.empty());
    assertThat(stream.points().get(0).rms()).isGreaterThan(0.5);
    TapPoint last = TapPoint.residPost(TinyBase.LAYERS - 1);
    assertThat(unread.points())
        .allSatisfy(each -> assertThat(each.rms() < NOTHING).isEqualTo(!each.point().equals(last)));
    assertThat(unread.divergence()).isLessThan(stream.divergence());
  }

  @Test
  void measure_otherDirectionsAndBaselines_areLeft() {
    Map<TapPoint, Intervention> affine = new TreeMap<>();
    Map<TapPoint, Intervention> others = new TreeMap<>();
    for (TapPoint point : Writers.of(TinyBase.LAYERS)) {
      affine.put(point, DirectionalAblation.affine(D, 3));
      Direction own = TinyBase.direction(TinyBase.HIDDEN, 100 + point.streamIndex(TinyBase.LAYERS));
      others.put(point, DirectionalAblation.plain(own));
    }
    AdapterPlan adapter = AdapterPlan.everywhere(D);
    OptionalDouble one = OptionalDouble.of(1);
    Residual baseline =
        measure(TinyBase.QWEN3, adapter, new InterventionPlan(affine, TokenRange.ALL), one);
    assertThat(baseline.worst().rms()).isBetween(2.99, 3.01);
    assertThat(baseline.points().get(0).mean()).isBetween(-3.01, -2.99);
    Residual directions =
        measure(TinyBase.QWEN3, adapter, new InterventionPlan(others, TokenRange.ALL), one);
    assertThat(directions.worst().rms()).isGreaterThan(0.5);
  }
}
