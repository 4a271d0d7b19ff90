package dev.plumbline.mitigations;

import java.util.List;

/**
 * A change to one token's hidden state at one tap point. Pure data: the reference below is float64,
 * the runtime compiles {@link #edits} into its layer program and answers with a {@link Receipt}.
 *
 * <pre>h' = h + Σₖ (p'ₖ − pₖ)·qₖ,  pₖ = h·qₖ</pre>
 *
 * <p>over K orthonormal axes q, each with its own {@link EditCoefficients}; all projections are
 * those of h, so the order of the axes does not matter. Where {@link #keepsNorm}, the sum is then
 * brought back to the length of h.
 */
public sealed interface Intervention permits AlongOne, SubspaceAblation, NormPreserving {

  /** What happens along each axis; at least one, all orthogonal to each other. */
  List<AxisEdit> edits();

  /** Whether {@code ‖h'‖ = ‖h‖} is restored. */
  default boolean keepsNorm() {
    return false;
  }

  /** D. */
  default int size() {
    return edits().get(0).direction().size();
  }

  /** The float64 reference: {@code h'} {@code [D]}, a new array; {@code hidden} is read only. */
  default double[] apply(double[] hidden) {
    double[] moved = hidden.clone();
    for (AxisEdit edit : edits()) {
      moved = edit.direction().addTo(moved, edit.change(hidden));
    }
    return moved;
  }

  /**
   * The receipt of {@link #apply} for one token: the length of the change within the axes, before
   * any rescaling.
   */
  default Receipt receipt(double[] hidden) {
    double change = 0;
    for (AxisEdit edit : edits()) {
      change = Math.hypot(change, edit.change(hidden));
    }
    return Receipt.ofToken(change);
  }
}
