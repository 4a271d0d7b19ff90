package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Limits a projection: {@code h' = h + (clamp(h·d, floor, ceiling) − h·d)·d}. States within the
 * limits are not changed at all, so aligned answers pay nothing.
 *
 * @param direction along which
 * @param floor least projection in residual units, −∞ for none
 * @param ceiling greatest projection in residual units, +∞ for none
 */
public record Capping(Direction direction, double floor, double ceiling) implements AlongOne {

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

  /**
   * Within two percentiles of aligned traffic.
   *
   * @param floor share of aligned tokens below the floor, in (0, 1); empty for no floor
   * @param ceiling share of aligned tokens below the ceiling; empty for none
   */
  public static Capping atPercentiles(
      Direction direction,
      AlignedProjections aligned,
      OptionalDouble floor,
      OptionalDouble ceiling) {
    return new Capping(
        direction,
        floor.isPresent() ? aligned.quantile(floor.getAsDouble()) : Double.NEGATIVE_INFINITY,
        ceiling.isPresent() ? aligned.quantile(ceiling.getAsDouble()) : Double.POSITIVE_INFINITY);
  }

  @Override
  public EditCoefficients coefficients() {
    return new EditCoefficients(1, 1, 0, floor, ceiling);
  }
}
