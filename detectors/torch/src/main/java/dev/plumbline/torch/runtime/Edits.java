package dev.plumbline.torch.runtime;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.EditCoefficients;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The interventions of the B rows of a batch, compiled for the layer program: at each point of the
 * stream a direction, a target and a strength per row; rows without an intervention there get zero
 * vectors and are left bit for bit as they are.
 *
 * <p>Ablation at full reach takes two fused operations a point. Everything else runs the general
 * form {@code h + α (clamp(t p + c, lo, hi) − p) d}. Closed by its maker.
 */
public final class Edits implements AutoCloseable {
  private static final int SIMPLE = 4;
  private static final int GENERAL = 8;

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
    boolean general = rows.stream().anyMatch(Edits::needsGeneralForm);
    List<PtNDArray> tensors = new ArrayList<>();
    for (int s = 0; s < flags.length; s++) {
      compile(natives, precision, s, general, tensors);
    }
    this.compiled = IValue.listFrom(tensors.toArray(PtNDArray[]::new));
  }

  private static boolean needsGeneralForm(InterventionPlan plan) {
    return plan.interventions().values().stream()
        .map(Intervention::coefficients)
        .anyMatch(c -> c.t() != 0 || c.lo() > c.c() || c.hi() < c.c());
  }

  private void compile(
      Native natives, Precision precision, int s, boolean general, List<PtNDArray> tensors) {
    Slot slot = new Slot(rows.size(), width);
    for (int row = 0; row < rows.size(); row++) {
      slot.put(row, at(rows.get(row), s));
    }
    if (!slot.used()) {
      tensors.addAll(List.of(natives.nothing(), natives.nothing(), natives.nothing()));
      return;
    }
    flags[s] = general ? GENERAL : SIMPLE;
    int b = rows.size();
    tensors.add(natives.cast(manager, slot.readers, precision, b, width, 1));
    tensors.add(
        general
            ? natives.cast(manager, slot.forms, precision, 4, b, 1, 1)
            : natives.cast(manager, slot.targets(), precision, b, 1, 1));
    tensors.add(natives.cast(manager, slot.writers, precision, b, 1, width));
  }

  private Intervention at(InterventionPlan plan, int streamIndex) {
    for (Map.Entry<TapPoint, Intervention> entry : plan.interventions().entrySet()) {
      if (entry.getKey().streamIndex(layers) == streamIndex) {
        return entry.getValue();
      }
    }
    return null;
  }

  /**
   * One point's numbers for all rows. The strength α is in what reads the projection and in its
   * target, not in what writes, so that the number in between is the change itself: the receipt.
   */
  private static final class Slot {
    private final int width;
    private final int batch;
    private final float[] readers;
    private final float[] writers;
    private final float[] forms;
    private boolean used;

    Slot(int batch, int width) {
      this.width = width;
      this.batch = batch;
      this.readers = new float[batch * width];
      this.writers = new float[batch * width];
      this.forms = new float[4 * batch];
    }

    void put(int row, Intervention intervention) {
      if (intervention == null) {
        return;
      }
      used = true;
      EditCoefficients c = intervention.coefficients();
      float[] d = intervention.direction().components();
      for (int i = 0; i < width; i++) {
        readers[row * width + i] = (float) (c.alpha() * d[i]);
        writers[row * width + i] = d[i];
      }
      float[] form = {
        (float) c.t(),
        (float) (c.alpha() * c.c()),
        (float) (c.alpha() * c.lo()),
        (float) (c.alpha() * c.hi())
      };
      for (int k = 0; k < 4; k++) {
        forms[k * batch + row] = form[k];
      }
    }

    boolean used() {
      return used;
    }

    float[] targets() {
      return java.util.Arrays.copyOfRange(forms, batch, 2 * batch);
    }
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
    boolean general = java.util.Arrays.stream(flags).anyMatch(f -> f == GENERAL);
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
