package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;

/**
 * The direction for <em>editing</em> at one tap point, with what aligned answers look like along
 * it. Detection uses the {@link Probe} instead.
 *
 * @param tapPoint where it was learned and acts
 * @param direction unit direction {@code [D]}, positive is misaligned
 * @param alignedMean mean projection {@code h·d} of aligned answer tokens: the affine baseline μ
 * @param alignedSpread standard deviation of the same, the unit of steering coefficients
 */
public record TapDirection(
    TapPoint tapPoint, Direction direction, double alignedMean, double alignedSpread) {

  public TapDirection {
    Check.finite(alignedMean, "aligned mean at " + tapPoint);
    Check.positive(alignedSpread, "aligned spread at " + tapPoint);
  }
}
