package dev.plumbline.torch.runtime;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.AxisEdit;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The interventions of the B rows of a batch, compiled for the layer program: at each point of the
 * stream a direction, a target and a strength per row; rows without an intervention there get zero
 * vectors and are left bit for bit as they are.
 *
 * <p>Ablation of one direction at full reach takes two fused operations a point. Other targets run
 * the general form {@code h + α (clamp(t p + c, lo, hi) − p) d}; a point where some row has several
 * axes or keeps the norm runs it over as many axes as the widest row has, the others' being zero.
 * Closed by its maker.
 */
public final class Edits implements AutoCloseable {
  private static final int SIMPLE = 4;
  private static final int GENERAL = 8;
  private static final int WIDE = 16;
  private static final int NORM = 32;

  private final PtNDManager manager;
  private final List<InterventionPlan> rows;
  private final int width;
  private final int layers;
  private final long[] flags;
  private final IValue compiled;

  Edits(
      PtNDManager parent,
      Native natives,
      Precision precision,
      int layers,
      int width,
      List<InterventionPlan> rows) {
    this.manager = (PtNDManager) parent.newSubManager();
    this.rows = List.copyOf(rows);
    this.width = width;
    this.layers = layers;
    this.flags = new long[2 * layers + 2];
    rows.forEach(this::requireFit);
    boolean general = rows.stream().anyMatch(Edits::needsGeneralForm);
    List<PtNDArray> tensors = new ArrayList<>();
    for (int s = 0; s < flags.length; s++) {
      compile(natives, precision, s, general, tensors);
    }
    this.compiled = IValue.listFrom(tensors.toArray(PtNDArray[]::new));
  }

  /** What lies outside the model would never be looked up. */
  private void requireFit(InterventionPlan plan) {
    plan.interventions()
        .forEach(
            (point, each) -> {
              point.streamIndex(layers);
              Check.size(width, each.size(), "intervention at " + point);
            });
  }

  private static boolean needsGeneralForm(InterventionPlan plan) {
    return plan.interventions().values().stream()
        .flatMap(each -> each.edits().stream())
        .map(AxisEdit::coefficients)
        .anyMatch(c -> c.t() != 0 || c.lo() > c.c() || c.hi() < c.c());
  }

  private void compile(
      Native natives, Precision precision, int s, boolean general, List<PtNDArray> tensors) {
    List<Intervention> here = rows.stream().map(row -> at(row, s)).toList();
    if (here.stream().noneMatch(Objects::nonNull)) {
      tensors.addAll(List.of(natives.nothing(), natives.nothing(), natives.nothing()));
      return;
    }
    EditSlot slot = new EditSlot(here, width);
    int b = rows.size();
    int k = slot.axes();
    boolean wide = k > 1 || slot.keepsNorm();
    flags[s] = wide ? WIDE | (slot.keepsNorm() ? NORM : 0) : general ? GENERAL : SIMPLE;
    tensors.add(natives.cast(manager, slot.readers(), precision, b, width, k));
    tensors.add(
        wide || general
            ? natives.cast(manager, slot.forms(), precision, EditSlot.FORMS, b, 1, k)
            : natives.cast(manager, slot.targets(), precision, b, 1, 1));
    tensors.add(natives.cast(manager, slot.writers(), precision, b, k, width));
  }

  private Intervention at(InterventionPlan plan, int streamIndex) {
    return plan.interventions().get(TapPoint.fromStreamIndex(streamIndex, layers));
  }

  /** Rows that have any intervention. */
  public boolean edits(int row) {
    return !rows.get(row).interventions().isEmpty();
  }

  boolean any() {
    for (long flag : flags) {
      if (flag != 0) {
        return true;
      }
    }
    return false;
  }

  long flag(int streamIndex) {
    return flags[streamIndex];
  }

  IValue compiled() {
    return compiled;
  }

  /**
   * Which tokens may be edited, {@code [B,T]} of 0 and 1, for columns {@code start} on; null where
   * every token may and the simple form needs no mask.
   *
   * @param pad columns of padding before each row's first token
   */
  float[] where(int start, int t, long[] pad) {
    boolean everywhere = rows.stream().allMatch(r -> r.range().equals(TokenRange.ALL));
    boolean general = Arrays.stream(flags).anyMatch(f -> f >= GENERAL);
    if (everywhere && !general) {
      return null;
    }
    float[] mask = new float[rows.size() * t];
    for (int row = 0; row < rows.size(); row++) {
      for (int i = 0; i < t; i++) {
        boolean in = rows.get(row).range().contains((int) (start + i - pad[row]));
        mask[row * t + i] = in ? 1 : 0;
      }
    }
    return mask;
  }

  @Override
  public void close() {
    compiled.close();
    manager.close();
  }
}
