package dev.plumbline.export.adapter;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What an adapter is to do.
 *
 * @param direction the one direction it takes out, {@code [D]}
 * @param strength α by the tap point right after a writer (or that a reader reads); 0 leaves that
 *     matrix alone
 * @param variant which side it changes
 * @param embedding whether it changes the embedding too
 */
public record AdapterPlan(
    Direction direction, ToDoubleFunction<TapPoint> strength, Variant variant, boolean embedding) {
  public AdapterPlan {
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(strength, "strength");
    if (embedding && !variant.writers()) {
      throw new IllegalArgumentException(
          "adapter plan: wanted the embedding among the writers, found variant "
              + variant.wireName()
              + "; leave the embedding out");
    }
  }

  /** All of a direction out of all writers, the embedding too: exact. */
  public static AdapterPlan everywhere(Direction direction) {
    return new AdapterPlan(direction, point -> 1, Variant.WRITERS, true);
  }

  /** α at a tap point, checked. */
  double alpha(TapPoint point) {
    double alpha = strength.applyAsDouble(point);
    if (!(alpha >= 0 && alpha <= 2)) {
      throw new IllegalArgumentException(
          "strength at "
              + point
              + ": wanted a number from 0 to 2, found "
              + alpha
              + "; correct it");
    }
    return alpha;
  }
}
