package dev.plumbline.agent.tap.states;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Hidden states {@code [T, K, D]} of T tokens at K tap points, in the origin's own number form.
 *
 * <p>One array per row: rows are a few KB, so nothing large is allocated at once. Rows are kept,
 * not copied: whoever made them lets go of them.
 */
public final class StateRows {
  private final List<TapPoint> points;
  private final int hidden;
  private final NumberForm form;
  private final byte[][] rows;

  /**
   * @param points K tap points
   * @param hidden D
   * @param rows {@code [T·K]} rows of {@code D} numbers, the tap points of one token side by side
   */
  public StateRows(List<TapPoint> points, int hidden, NumberForm form, byte[][] rows) {
    this.points = List.copyOf(points);
    this.hidden = hidden;
    this.form = form;
    this.rows = rows;
    Check.that(!points.isEmpty() && hidden > 0, "states", "K and D above 0", points, "tap a layer");
    Check.that(rows.length % points.size() == 0, "rows", "T·K", rows.length, "give whole tokens");
    for (byte[] row : rows) {
      Check.size(hidden * form.bytes(), row.length, "row of states");
    }
  }

  /**
   * States at one tap point.
   *
   * @param vectors {@code [T]} vectors of one width D; read, not kept
   */
  public static StateRows ofFloats(TapPoint point, List<float[]> vectors) {
    byte[][] rows = new byte[vectors.size()][];
    for (int t = 0; t < rows.length; t++) {
      float[] vector = vectors.get(t);
      rows[t] = new byte[NumberForm.F32.bytes() * vector.length];
      ByteBuffer.wrap(rows[t]).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
    }
    return new StateRows(List.of(point), vectors.get(0).length, NumberForm.F32, rows);
  }

  /** The K tap points. */
  public List<TapPoint> points() {
    return points;
  }

  /** D. */
  public int hidden() {
    return hidden;
  }

  /** T. */
  public int tokens() {
    return rows.length / points.size();
  }

  /**
   * Widens one hidden state.
   *
   * @param token 0 to T − 1
   * @param point index into {@link #points}
   * @param into {@code [D]}, overwritten
   */
  public void read(int token, int point, float[] into) {
    form.widen(rows[token * points.size() + point], into);
  }
}
