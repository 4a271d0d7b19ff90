package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import java.util.Objects;

/**
 * Takes a direction out and puts a fixed amount of it back: {@code h' = h − (h·d)·d + (μ + k·s)·d},
 * so that every state lies k standard deviations from the aligned mean, whatever it was.
 *
 * <p>Unlike {@link Steering}, doing it twice is doing it once, so it may act at several tap points.
 *
 * @param direction along which
 * @param baseline μ, the aligned mean projection in residual units; 0 for the origin
 * @param coefficient k, in standard deviations; negative lies beyond aligned, away from misaligned
 * @param spread s, the standard deviation of aligned projections in residual units, above 0
 */
public record AblateThenAdd(Direction direction, double baseline, double coefficient, double spread)
    implements AlongOne {

  public AblateThenAdd {
    Objects.requireNonNull(direction, "direction");
    Check.finite(baseline, "baseline of ablate-then-add");
    Check.that(
        Double.isFinite(coefficient) && coefficient != 0,
        "coefficient of ablate-then-add",
        "a finite number other than 0",
        coefficient,
        "use an affine ablation for 0");
    Check.positive(spread, "spread of ablate-then-add");
  }

  /** The projection every state has afterwards, in residual units. */
  public double target() {
    return baseline + coefficient * spread;
  }

  @Override
  public EditCoefficients coefficients() {
    return EditCoefficients.unbounded(1, 0, target());
  }
}
