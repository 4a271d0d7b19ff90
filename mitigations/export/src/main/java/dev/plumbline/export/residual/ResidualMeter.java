package dev.plumbline.export.residual;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.AlongOne;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Runs texts through a decoder three ways, bare (or as a finetune of it), under a plan and under an
 * adapter, and compares the projections at the plan's tap points and the next tokens. One thread,
 * the decoder's.
 */
public final class ResidualMeter {
  /** Tap points read in one pass. */
  private static final int AT_ONCE = 64;

  private final Decoder decoder;
  private final Optional<LoraWeights> finetune;

  /** Works on a decoder that others close. */
  public ResidualMeter(Decoder decoder) {
    this(decoder, Optional.empty());
  }

  /**
   * Works on a decoder that others close.
   *
   * @param finetune what the model under the plan wears, and what the adapter has in it
   */
  public ResidualMeter(Decoder decoder, Optional<LoraWeights> finetune) {
    this.decoder = decoder;
    this.finetune = finetune;
  }

  /**
   * Measures an adapter.
   *
   * @param name the plan's
   * @param plan in forward, on the base
   * @param seen what counts as still there under the adapter
   * @param texts what is read
   * @param spreads the aligned projection's standard deviation where it is known; elsewhere that of
   *     the base on these texts stands for it
   */
  public Residual measure(
      String name,
      InterventionPlan plan,
      LoraWeights adapter,
      Seen seen,
      List<Reading> texts,
      Function<TapPoint, OptionalDouble> spreads) {
    Check.that(!plan.isEmpty(), "residual", "a plan that does something", "none", "choose another");
    List<TapPoint> points = List.copyOf(plan.interventions().keySet());
    List<Remaining> remaining = new ArrayList<>();
    Divergences divergences = new Divergences(decoder.vocabulary());
    long tokens = 0;
    for (int from = 0; from < points.size(); from += AT_ONCE) {
      List<TapPoint> some = points.subList(from, Math.min(points.size(), from + AT_ONCE));
      Sums[] sums = read(some, plan, adapter, seen, texts, from == 0 ? divergences : null);
      for (int k = 0; k < sums.length; k++) {
        remaining.add(sums[k].remaining(some.get(k), spread(sums[k], some.get(k), spreads)));
        tokens = sums[k].tokens();
      }
    }
    return new Residual(name, remaining, tokens, divergences.ofExport(), divergences.ofBare());
  }

  private static double spread(
      Sums sums, TapPoint point, Function<TapPoint, OptionalDouble> spreads) {
    double spread = spreads.apply(point).orElse(sums.spread());
    Check.that(
        spread > 0,
        "residual at " + point,
        "projections that differ between tokens",
        "none that do",
        "read more texts");
    return spread;
  }

  private Sums[] read(
      List<TapPoint> points,
      InterventionPlan plan,
      LoraWeights adapter,
      Seen seen,
      List<Reading> texts,
      Divergences divergences) {
    Sums[] sums = new Sums[points.size()];
    for (int k = 0; k < sums.length; k++) {
      sums[k] = new Sums();
    }
    try (Watch watch = decoder.watch(List.of(), readouts(points, plan, Seen.STREAM));
        Watch seeing = decoder.watch(List.of(), readouts(points, plan, seen));
        Edits edits = decoder.edits(List.of(plan));
        AdapterBank.Worn before = finetune.map(this::worn).orElse(null);
        AdapterBank.Worn worn = worn(adapter)) {
      for (Reading text : texts) {
        One bare = forward(text, watch, null, before, divergences != null);
        One edited = forward(text, watch, edits, before, divergences != null);
        One export = forward(text, seeing, null, worn, divergences != null);
        add(points, plan, sums, text, bare, edited, export);
        if (divergences != null) {
          divergences.add(edited.logits, export.logits, bare.logits, text.from());
        }
      }
    }
    return sums;
  }

  private AdapterBank.Worn worn(LoraWeights weights) {
    return decoder.adapters().worn(weights, new double[] {1});
  }

  private static void add(
      List<TapPoint> points,
      InterventionPlan plan,
      Sums[] sums,
      Reading text,
      One bare,
      One edited,
      One export) {
    for (int k = 0; k < sums.length; k++) {
      AlongOne intervention = along(plan, points.get(k));
      for (int t = text.from(); t < text.tokens().length; t++) {
        int at = t * sums.length + k;
        double before = edited.projections[at];
        double after =
            plan.touches(points.get(k), t)
                ? before + intervention.coefficients().change(before)
                : before;
        sums[k].add(export.projections[at], after, bare.projections[at]);
      }
    }
  }

  /** An adapter that takes one direction out is held against plans of one direction a point. */
  private static AlongOne along(InterventionPlan plan, TapPoint point) {
    if (plan.interventions().get(point) instanceof AlongOne one) {
      return one;
    }
    throw Check.refusal(
        "residual at " + point, "a plan along one direction", "another", "choose another plan");
  }

  /** One readout a point: the plan's direction there. */
  private static List<Readout> readouts(List<TapPoint> points, InterventionPlan plan, Seen seen) {
    return points.stream()
        .map(
            point ->
                new Readout(
                    "residual." + point,
                    Map.of(point, seen.weights(point, along(plan, point).direction())),
                    0))
        .toList();
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record One(double[] projections, float[] logits) {}

  private One forward(
      Reading text, Watch watch, Edits edits, AdapterBank.Worn worn, boolean logits) {
    Decoder.Logits want = logits ? Decoder.Logits.ALL : Decoder.Logits.NONE;
    try (Pass pass =
        decoder.forward(new long[][] {text.tokens()}, null, watch, edits, worn, want)) {
      return new One(pass.readouts(), logits ? pass.logitsToHost() : new float[0]);
    }
  }
}
