package dev.plumbline.export.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.adapter.AdapterPlan;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.GgufBase;
import dev.plumbline.export.residual.Reading;
import dev.plumbline.export.residual.Remaining;
import dev.plumbline.export.residual.Residual;
import dev.plumbline.export.residual.ResidualMeter;
import dev.plumbline.export.residual.Seen;
import dev.plumbline.export.residual.Texts;
import dev.plumbline.torch.checkpoint.Architectures;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import dev.plumbline.torch.text.TextTokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a written adapter leaves, read back from its folder and worn by the base.
 *
 * @param against the plan it is held against
 * @param shared the same against plain ablation of its one direction, which it could do exactly
 * @param commonest {@link Reading#commonest} of the texts
 */
record Measured(Residual against, Residual shared, double commonest) {

  /** Whether the runtime knows such a model. */
  static boolean canRun(Base base) {
    return base instanceof GgufBase || Architectures.ofHf(base.shape().modelType()).isPresent();
  }

  static Measured of(
      SourceOptions source, ResidualOptions residual, Path adapter, Source held, AdapterPlan plan) {
    TorchRuntime runtime = TorchRuntime.start();
    try (Checkpoint checkpoint = Checkpoint.open(source.model);
        TextTokenizer tokenizer = checkpoint.tokenizer();
        Decoder decoder =
            DecoderLoader.load(checkpoint, Precision.FLOAT32, runtime.device(residual.device))) {
      Texts reader = new Texts(tokenizer, checkpoint.chatTemplate(), decoder.positions());
      List<Reading> texts = residual.texts == null ? reader.builtIn() : reader.read(residual.texts);
      PeftAdapter read = PeftAdapter.open(adapter, checkpoint.config());
      LoraWeights weights = PeftAdapters.fuse(read, checkpoint.config());
      Optional<LoraWeights> tuned =
          Optional.ofNullable(source.finetune)
              .map(peft -> PeftAdapter.open(peft, checkpoint.config()))
              .map(peft -> PeftAdapters.fuse(peft, checkpoint.config()));
      One one =
          new One(decoder, tuned, held, source.fromLayer, weights, seen(plan, decoder), texts);
      ResidualOptions.Against wanted = ResidualOptions.Against.parse(residual.against);
      Residual against = one.measure(wanted);
      return new Measured(
          against,
          wanted == ResidualOptions.Against.SHARED
              ? against
              : one.measure(ResidualOptions.Against.SHARED),
          Reading.commonest(texts));
    }
  }

  private static Seen seen(AdapterPlan plan, Decoder decoder) {
    return plan.variant().readers()
        ? Seen.byReaders(plan.direction(), plan.strength(), decoder.shape().layers())
        : Seen.STREAM;
  }

  private record One(
      Decoder decoder,
      Optional<LoraWeights> finetune,
      Source held,
      int fromLayer,
      LoraWeights weights,
      Seen seen,
      List<Reading> texts) {
    Residual measure(ResidualOptions.Against against) {
      return new ResidualMeter(decoder, finetune)
          .measure(
              against.wireName(),
              ResidualOptions.plan(against, held.artefact(), held.direction(), fromLayer),
              weights,
              seen,
              texts,
              ResidualOptions.spreads(against, held.artefact(), held.shared()));
    }
  }

  void describe(ObjectNode into) {
    describe(into.putObject("residual"), against);
    describe(into.putObject("residual_shared"), shared);
    into.put("commonest_token", commonest);
  }

  private static void describe(ObjectNode into, Residual residual) {
    TapPoint worst = residual.worst().point();
    into.put("plan", residual.plan()).put("tokens", residual.tokens());
    into.put("worst_tap_point", worst.toString()).put("worst_sd", residual.worst().rms());
    into.put("kl_per_token", residual.divergence());
    into.put("kl_per_token_untouched", residual.untouchedDivergence());
    ArrayNode points = into.putArray("points");
    for (Remaining each : residual.points()) {
      points
          .addObject()
          .put("tap_point", each.point().toString())
          .put("rms_sd", each.rms())
          .put("mean_sd", each.mean())
          .put("largest_sd", each.largest())
          .put("untouched_rms_sd", each.untouched())
          .put("sd", each.spread());
    }
  }
}
