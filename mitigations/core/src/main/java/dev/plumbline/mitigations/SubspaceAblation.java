package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Takes a subspace out: {@code h' = h − α·Σₖ ((h·qₖ) − νₖ)·qₖ} over its axes. At full strength the
 * projection on <em>each</em> of its directions is then that direction's baseline, though the
 * directions are not orthogonal; taking them out one after the other would leave some of the first.
 *
 * @param subspace what is taken out
 * @param strength α in (0, 2], as of {@link DirectionalAblation}
 * @param baselines μ of each direction, in residual units; all 0 for a plain ablation
 */
public record SubspaceAblation(Subspace subspace, double strength, List<Double> baselines)
    implements Intervention {

  public SubspaceAblation {
    Objects.requireNonNull(subspace, "subspace");
    DirectionalAblation.requireStrength(strength);
    baselines = List.copyOf(baselines);
    Check.size(subspace.rank(), baselines.size(), "baselines of a subspace");
    baselines.forEach(each -> Check.finite(each, "baseline of a subspace"));
  }

  /** All of it, to 0. */
  public static SubspaceAblation plain(Direction... directions) {
    Subspace subspace = Subspace.of(List.of(directions));
    return new SubspaceAblation(subspace, 1, Collections.nCopies(subspace.rank(), 0.0));
  }

  @Override
  public List<AxisEdit> edits() {
    double[] targets =
        subspace.onAxes(baselines.stream().mapToDouble(Double::doubleValue).toArray());
    List<AxisEdit> edits = new ArrayList<>();
    for (int k = 0; k < targets.length; k++) {
      edits.add(
          new AxisEdit(
              subspace.axes().get(k), EditCoefficients.unbounded(strength, 0, targets[k])));
    }
    return edits;
  }
}
