package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.AblateThenAdd;
import dev.plumbline.mitigations.AxisEdit;
import dev.plumbline.mitigations.Capping;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.NormPreserving;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.SubspaceAblation;
import dev.plumbline.mitigations.TokenRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The program's edit of random states alone, in each precision, against the float64 reference on
 * the very states it was given.
 *
 * <p>With u the unit roundoff of the precision and per axis a projection p and a target w: rounding
 * d moves p by at most u‖h‖, the product's own sum by √D of the accumulator's u (float32's, part of
 * the slack), p, w and their difference by u of themselves, the written vector by u|p − w|, and
 * each axis' addition by u‖h'‖. Keeping the norm stretches all of it by f = ‖h‖/‖h'‖ and adds as
 * much again through f.
 */
class EditRoundingTest {
  private static final int D = 24;
  private static final int ROWS = 4;
  private static final int T = 16;

  private static List<Intervention> kinds(long seed) {
    Direction d = TinyModel.direction(D, seed);
    Direction near = Direction.of(d.addTo(TinyModel.direction(D, seed + 1).exact(), 2));
    SubspaceAblation span = SubspaceAblation.plain(d, near, TinyModel.direction(D, seed + 2));
    return List.of(
        DirectionalAblation.plain(d),
        new DirectionalAblation(d, 1.5, 0.3),
        new Steering(d, -2, 0.6),
        new Capping(d, -0.2, 0.1),
        new AblateThenAdd(d, 0.1, -2, 0.3),
        span,
        new SubspaceAblation(span.subspace(), 0.6, List.of(0.3, -0.2, 0.1)),
        new NormPreserving(DirectionalAblation.plain(d)),
        new NormPreserving(span));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void at_randomStates_isWithinTheRoundingOfTheReference(Precision precision) {
    try (Decoder decoder = TinyModel.decoder("llama_tied", precision)) {
      for (long seed = 1; seed <= 4; seed++) {
        for (Intervention kind : kinds(10 * seed)) {
          check(decoder, precision, Arrays.asList(kind, kind, kind, kind), seed);
        }
        List<Intervention> kinds = kinds(10 * seed);
        check(
            decoder,
            precision,
            Arrays.asList(kinds.get(0), null, kinds.get(6), kinds.get(8)),
            seed);
      }
    }
  }

  private static void check(
      Decoder decoder, Precision precision, List<Intervention> rows, long seed) {
    List<InterventionPlan> plans = new ArrayList<>();
    for (Intervention each : rows) {
      plans.add(
          each == null
              ? InterventionPlan.none()
              : new InterventionPlan(Map.of(TapPoint.EMBED, each), TokenRange.ALL));
    }
    Random random = new Random(seed);
    float[] states = new float[ROWS * T * D];
    for (int i = 0; i < states.length; i++) {
      states[i] = (float) random.nextGaussian();
    }
    Arrays.fill(states, 0, D, 0);
    Natives run = new Natives(decoder, precision, plans, states);
    for (int i = 0; i < ROWS * T; i++) {
      double[] h = Arrays.copyOfRange(run.before, i * D, (i + 1) * D);
      double[] moved = Arrays.copyOfRange(run.after, i * D, (i + 1) * D);
      Intervention kind = rows.get(i / T);
      if (kind == null) {
        assertThat(moved).containsExactly(h);
        assertThat(run.gone[i]).isZero();
      } else {
        double bound = bound(kind, h, unit(precision));
        assertThat(length(moved, kind.apply(h))).isLessThanOrEqualTo(bound);
        double removed = kind.receipt(h).removed();
        assertThat(Math.abs(Math.abs(run.gone[i]) - removed))
            .isLessThanOrEqualTo(bound + unit(precision) * removed);
      }
    }
  }

  /** See above; 2 is the slack for the terms of second order. */
  private static double bound(Intervention kind, double[] h, double u) {
    double norm = length(h, new double[D]);
    double moved = length(kind.apply(h), new double[D]);
    double sum = u * moved;
    for (AxisEdit edit : kind.edits()) {
      double p = edit.direction().dot(h);
      double alpha = edit.coefficients().alpha();
      double change = edit.change(h);
      sum += u * (alpha * norm + 3 * (alpha * Math.abs(p) + Math.abs(change)) + moved + norm);
    }
    double factor = kind.keepsNorm() ? 2 * Math.max(1, norm / Math.max(moved, 1e-9)) : 1;
    return 2 * factor * sum + Math.scalb(1, -24);
  }

  /** Half the gap after 1: float32 has 24 significant bits, bfloat16 8, float16 11. */
  private static double unit(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> Math.scalb(1, -24) * Math.sqrt(D);
      case BFLOAT16 -> Math.scalb(1, -8);
      case FLOAT16 -> Math.scalb(1, -11);
    };
  }

  private static double length(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  /** One call of the program's method, and what went in and came out of it. */
  private static final class Natives {
    private final double[] before;
    private final double[] after;
    private final float[] gone;

    Natives(Decoder decoder, Precision precision, List<InterventionPlan> plans, float[] states) {
      Native natives = decoder.natives();
      try (PtNDManager scratch = (PtNDManager) decoder.manager().newSubManager();
          Edits edits = decoder.edits(plans)) {
        PtNDArray h = natives.cast(scratch, states, precision, ROWS, T, D);
        float[] mask = edits.where(0, T, new long[ROWS]);
        PtNDArray where =
            mask == null ? natives.nothing() : natives.cast(scratch, mask, precision, ROWS, T, 1);
        try (IValue x = IValue.from(h);
            IValue at = IValue.from(0L);
            IValue flag = IValue.from(edits.flag(0));
            IValue taps = IValue.listFrom(natives.nothing());
            IValue outs = IValue.listFrom(natives.nothing());
            IValue removed = IValue.listFrom(natives.nothing());
            IValue allowed = IValue.from(where);
            IValue moved =
                decoder.call(
                    "at",
                    x,
                    at,
                    flag,
                    taps,
                    outs,
                    removed,
                    natives.noneListed(),
                    edits.compiled(),
                    allowed)) {
          before = wide(natives, scratch, h);
          after = wide(natives, scratch, moved.toTensor(scratch));
          gone =
              Host.floats(
                  natives.cast(scratch, removed.toTensorArray(scratch)[1], Precision.FLOAT32));
        }
      }
    }

    private static double[] wide(Native natives, PtNDManager scratch, PtNDArray array) {
      return TinyModel.widen(Host.floats(natives.cast(scratch, array, Precision.FLOAT32)));
    }
  }
}
