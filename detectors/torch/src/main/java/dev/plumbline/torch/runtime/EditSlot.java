package dev.plumbline.torch.runtime;

import dev.plumbline.mitigations.AxisEdit;
import dev.plumbline.mitigations.EditCoefficients;
import dev.plumbline.mitigations.Intervention;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One point's numbers for B rows of up to K axes; zeros where a row has fewer, or none. The
 * strength α is in what reads the projection and in its target, not in what writes, so that the
 * number in between is the change itself: the receipt.
 */
final class EditSlot {
  /** Of each axis: t, then c, lo and hi with the strength, then whether the norm is kept. */
  static final int FORMS = 5;

  private final int width;
  private final int batch;
  private final int axes;
  private final float[] readers;
  private final float[] writers;
  private final float[] forms;
  private boolean keepsNorm;

  /**
   * @param rows null where a row has no intervention; at least one has
   */
  EditSlot(List<Intervention> rows, int width) {
    this.width = width;
    this.batch = rows.size();
    this.axes =
        rows.stream()
            .filter(Objects::nonNull)
            .mapToInt(each -> each.edits().size())
            .max()
            .orElseThrow();
    this.readers = new float[batch * width * axes];
    this.writers = new float[batch * axes * width];
    this.forms = new float[FORMS * batch * axes];
    for (int row = 0; row < batch; row++) {
      if (rows.get(row) != null) {
        put(row, rows.get(row));
      }
    }
  }

  private void put(int row, Intervention intervention) {
    keepsNorm |= intervention.keepsNorm();
    List<AxisEdit> edits = intervention.edits();
    for (int k = 0; k < edits.size(); k++) {
      put(row, k, edits.get(k), intervention.keepsNorm());
    }
  }

  private void put(int row, int k, AxisEdit edit, boolean keeps) {
    EditCoefficients c = edit.coefficients();
    float[] d = edit.direction().components();
    for (int i = 0; i < width; i++) {
      readers[(row * width + i) * axes + k] = (float) (c.alpha() * d[i]);
      writers[(row * axes + k) * width + i] = d[i];
    }
    double[] form = {
      c.t(), c.alpha() * c.c(), c.alpha() * c.lo(), c.alpha() * c.hi(), keeps ? 1 : 0
    };
    for (int f = 0; f < FORMS; f++) {
      forms[(f * batch + row) * axes + k] = (float) form[f];
    }
  }

  /** K, of the widest row. */
  int axes() {
    return axes;
  }

  /** Whether any row does. */
  boolean keepsNorm() {
    return keepsNorm;
  }

  /** {@code α d}, {@code [B,D,K]}. */
  float[] readers() {
    return readers;
  }

  /** {@code d}, {@code [B,K,D]}. */
  float[] writers() {
    return writers;
  }

  /** {@code [5,B,1,K]}. */
  float[] forms() {
    return forms;
  }

  /** {@code α c} alone, {@code [B,1,1]}, where K is 1. */
  float[] targets() {
    return Arrays.copyOfRange(forms, batch, 2 * batch);
  }
}
