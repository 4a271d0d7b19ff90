package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import java.util.Objects;

/**
 * Pushes along a direction: {@code h' = h + k·s·d}. Negative pushes towards aligned.
 *
 * @param direction along which
 * @param coefficient k, in standard deviations of the aligned projection: comparable between layers
 *     and models, as residual units are not
 * @param spread s, that standard deviation in residual units, above 0
 */
public record Steering(Direction direction, double coefficient, double spread) implements AlongOne {

  public Steering {
    Objects.requireNonNull(direction, "direction");
    Check.that(
        Double.isFinite(coefficient) && coefficient != 0,
        "steering coefficient",
        "a finite number other than 0",
        coefficient,
        "leave the intervention out for 0");
    Check.positive(spread, "steering spread");
  }

  @Override
  public EditCoefficients coefficients() {
    return EditCoefficients.unbounded(1, 1, coefficient * spread);
  }
}
