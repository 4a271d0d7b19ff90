package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What a GGUF adapter is to do.
 *
 * @param direction d {@code [D]}, taken out
 * @param strength α from 0 to 2 by the tap point right after a writer, or that a reader reads; 0
 *     leaves that matrix alone
 * @param writers whether what writes to the residual stream is changed, the embedding too where
 *     llama.cpp takes it
 * @param readers whether what reads the stream through a norm is made blind to d: {@code ΔW =
 *     −α·W(g∘d)·(d⊘g)ᵀ}, g the norm's scale
 */
public record LoraPlan(
    Direction direction, ToDoubleFunction<TapPoint> strength, boolean writers, boolean readers) {
  private static final double MOST = 2;

  public LoraPlan {
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(strength, "strength");
    Check.that(
        writers || readers, "adapter plan", "writers, readers or both", "neither", "choose one");
  }

  /** All of it out of every writer. */
  public static LoraPlan writers(Direction direction) {
    return new LoraPlan(direction, point -> 1, true, false);
  }

  /** The same, and every reader blind to it: for a base whose embedding must be left alone. */
  public static LoraPlan both(Direction direction) {
    return new LoraPlan(direction, point -> 1, true, true);
  }

  double alpha(TapPoint point) {
    double alpha = strength.applyAsDouble(point);
    Check.that(
        alpha >= 0 && alpha <= MOST, "strength at " + point, "0 to " + MOST, alpha, "correct it");
    return alpha;
  }
}
