package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import java.util.Objects;

/**
 * Limits a projection: {@code h' = h + (clamp(h·d, floor, ceiling) − h·d)·d}. States within the
 * limits are not changed at all, so aligned answers pay nothing.
 *
 * @param direction along which
 * @param floor least projection in residual units, −∞ for none
 * @param ceiling greatest projection in residual units, +∞ for none
 */
public record Capping(Direction direction, double floor, double ceiling) implements Intervention {

  public Capping {
    Objects.requireNonNull(direction, "direction");
    Check.that(
        floor <= ceiling && (Double.isFinite(floor) || Double.isFinite(ceiling)),
        "capping limits",
        "floor ≤ ceiling, one of them finite",
        floor + " and " + ceiling,
        "swap them, or leave the intervention out");
  }

  /** Nothing above the ceiling. */
  public static Capping above(Direction direction, double ceiling) {
    return new Capping(direction, Double.NEGATIVE_INFINITY, ceiling);
  }

  @Override
  public EditCoefficients coefficients() {
    return new EditCoefficients(1, 1, 0, floor, ceiling);
  }
}
