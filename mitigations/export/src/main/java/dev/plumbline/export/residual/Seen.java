package dev.plumbline.export.residual;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import java.util.function.ToDoubleFunction;

/**
 * What counts as still there under an export: the weights {@code [D]} whose product with a state is
 * the projection that whatever comes next sees.
 */
@FunctionalInterface
public interface Seen {
  /** All of the stream. */
  Seen STREAM = (point, direction) -> direction.components();

  /** The weights for a plan's direction at a tap point. */
  float[] weights(TapPoint point, Direction direction);

  /**
   * What blocks see whose readers leave out {@code α} of {@code d}: {@code (I − α d dᵀ) h}. The
   * last state goes to the head, which sees all of it.
   */
  static Seen byReaders(Direction d, ToDoubleFunction<TapPoint> strength, int layers) {
    return (point, direction) -> {
      boolean last = point.site() == Site.RESID_POST && point.layer() == layers - 1;
      if (last || point.site() == Site.FINAL_NORM) {
        return direction.components();
      }
      double alpha = strength.applyAsDouble(point);
      double[] seen = d.addTo(direction.exact(), -alpha * d.cosine(direction));
      float[] weights = new float[seen.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) seen[i];
      }
      return weights;
    };
  }
}
