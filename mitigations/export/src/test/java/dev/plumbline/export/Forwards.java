package dev.plumbline.export;

import ai.djl.Device;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** All logits of a few tokens, three ways. */
public final class Forwards {
  private Forwards() {}

  /** In forward, under a plan. */
  public static float[] edited(Path model, InterventionPlan plan, long[] tokens) {
    try (Checkpoint checkpoint = Checkpoint.open(model);
        Decoder decoder = load(checkpoint);
        Edits edits = decoder.edits(List.of(plan))) {
      return logits(decoder, tokens, edits, null);
    }
  }

  /** A model as it is. */
  public static float[] plain(Path model, long[] tokens) {
    try (Checkpoint checkpoint = Checkpoint.open(model);
        Decoder decoder = load(checkpoint)) {
      return logits(decoder, tokens, null, null);
    }
  }

  /** A model wearing an adapter from a PEFT folder, under a plan. */
  public static float[] edited(Path model, Path adapter, InterventionPlan plan, long[] tokens) {
    return under(model, adapter, Optional.of(plan), tokens);
  }

  /** A model wearing an adapter from a PEFT folder. */
  public static float[] worn(Path model, Path adapter, long[] tokens) {
    return under(model, adapter, Optional.empty(), tokens);
  }

  private static float[] under(
      Path model, Path adapter, Optional<InterventionPlan> plan, long[] tokens) {
    try (Checkpoint checkpoint = Checkpoint.open(model);
        Decoder decoder = load(checkpoint)) {
      PeftAdapter read = PeftAdapter.open(adapter, checkpoint.config());
      decoder.adapters().add("a", PeftAdapters.fuse(read, checkpoint.config()));
      try (AdapterBank.Worn worn = decoder.adapters().worn(List.of(Optional.of("a")));
          Edits edits = plan.map(p -> decoder.edits(List.of(p))).orElse(null)) {
        return logits(decoder, tokens, edits, worn);
      }
    }
  }

  private static Decoder load(Checkpoint checkpoint) {
    return DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu(), 128);
  }

  private static float[] logits(
      Decoder decoder, long[] tokens, Edits edits, AdapterBank.Worn worn) {
    try (Pass pass =
        decoder.forward(new long[][] {tokens}, null, null, edits, worn, Decoder.Logits.ALL)) {
      return pass.logitsToHost();
    }
  }

  /** ‖found − wanted‖ / ‖wanted‖ (Frobenius). */
  public static double distance(float[] found, float[] wanted) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < wanted.length; i++) {
      error += Math.pow((double) found[i] - wanted[i], 2);
      norm += Math.pow(wanted[i], 2);
    }
    return Math.sqrt(error / norm);
  }
}
