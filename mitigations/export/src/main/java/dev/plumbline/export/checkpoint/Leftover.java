package dev.plumbline.export.checkpoint;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.base.Layout;
import dev.plumbline.export.base.Products;
import dev.plumbline.export.base.Role;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a written checkpoint's writers have of the direction still, read back: {@code ‖dᵀW' − (1−α)
 * dᵀW‖ / ‖dᵀW‖}. Rounding to the stored type leaves a little; anything else is a mistake.
 *
 * @param tensor where most is left
 * @param share how much of what was there
 * @param checked tensors that were changed
 */
public record Leftover(String tensor, double share, int checked) {

  /** Reads both checkpoints' writers, tensor by tensor. */
  public static Leftover of(
      Base before,
      Base after,
      Direction direction,
      ToDoubleFunction<TapPoint> strength,
      HeapMeter heap) {
    Products old = new Products(before, heap);
    Products written = new Products(after, heap);
    double[] d = direction.exact();
    Leftover worst = new Leftover("none", 0, 0);
    for (Map.Entry<String, Role> entry : Layout.of(before).entrySet()) {
      double alpha = CheckpointExport.strengthOf(entry.getValue(), strength);
      if (alpha == 0 || entry.getValue() instanceof Role.WriterBias) {
        continue;
      }
      String name = entry.getKey();
      boolean rows = entry.getValue() instanceof Role.Embedding;
      double[] was = rows ? old.right(name, d) : old.left(name, d);
      double[] is = rows ? written.right(name, d) : written.left(name, d);
      worst = worst.or(name, share(was, is, alpha));
    }
    return worst;
  }

  private Leftover or(String name, double other) {
    return new Leftover(other > share ? name : tensor, Math.max(share, other), checked + 1);
  }

  private static double share(double[] was, double[] is, double alpha) {
    double left = 0;
    double all = 0;
    for (int i = 0; i < was.length; i++) {
      left += Math.pow(is[i] - (1 - alpha) * was[i], 2);
      all += was[i] * was[i];
    }
    return all == 0 ? 0 : Math.sqrt(left / all);
  }
}
