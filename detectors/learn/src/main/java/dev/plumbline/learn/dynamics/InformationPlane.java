package dev.plumbline.learn.dynamics;

import dev.plumbline.core.stats.Hsic;
import dev.plumbline.core.stats.HsicView;
import dev.plumbline.learn.direction.logistic.Standardisation;
import java.util.Arrays;

/** I(T;X) and I(T;Y) of one dimension's states (Qian et al., 2024, §4). */
final class InformationPlane {
  private final PreparedDimension prepared;
  private final Hsic hsic;
  private final HsicView input;

  /**
   * @param first states of the first block {@code [N,D]}, last token
   */
  InformationPlane(PreparedDimension prepared, Hsic hsic, double[][] first) {
    this.prepared = prepared;
    this.hsic = hsic;
    this.input = view(first);
  }

  private HsicView view(double[][] states) {
    int[] rows = prepared.planeRows();
    Standardisation standardisation = Standardisation.of(states, rows);
    return HsicView.of(
        Arrays.stream(rows)
            .mapToObj(i -> standardisation.apply(states[i]))
            .toArray(double[][]::new),
        hsic);
  }

  /** The point of a layer's states {@code [N,D]}, last token. */
  CheckpointReading.Plane at(int layer, double[][] states) {
    HsicView own = view(states);
    double[] permuted =
        prepared.permuted().stream().mapToDouble(own::information).sorted().toArray();
    return new CheckpointReading.Plane(
        layer,
        own.information(input),
        own.ceiling(input),
        own.byChance(input),
        own.information(prepared.label()),
        own.ceiling(prepared.label()),
        Arrays.stream(permuted).average().orElseThrow(),
        permuted[(int) Math.ceil(0.95 * permuted.length) - 1]);
  }
}
