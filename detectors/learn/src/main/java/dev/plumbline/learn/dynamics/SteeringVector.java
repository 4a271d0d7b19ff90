package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.stats.MeanAccumulator;

/**
 * A steering vector {@code v = std(h·u) u}, {@code u = (μ₁ − μ₀)/|μ₁ − μ₀|} (Qian et al., 2024):
 * class means and spread of uncentred last-token states of one half of the statements.
 *
 * @param unit u, turned towards what is wanted
 * @param spread std of all rows' projections on u, in residual units
 */
record SteeringVector(Direction unit, double spread) {

  /**
   * Of states and labels.
   *
   * @param states {@code [N,D]}
   * @param labels {@code [N]}
   * @param rows which to use: no group of theirs may be evaluated on
   * @param towards the label to steer towards
   */
  static SteeringVector of(double[][] states, boolean[] labels, int[] rows, boolean towards) {
    MeanAccumulator ones = new MeanAccumulator(states[0].length);
    MeanAccumulator zeros = new MeanAccumulator(states[0].length);
    for (int row : rows) {
      (labels[row] == towards ? ones : zeros).add(states[row]);
    }
    Check.that(
        ones.count() > 1 && zeros.count() > 1,
        "steering vector",
        "two statements or more of each label in its half",
        ones.count() + " and " + zeros.count(),
        "add statements");
    double[] difference = ones.mean();
    double[] other = zeros.mean();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= other[i];
    }
    Direction unit = Direction.of(difference);
    MeanAccumulator projections = new MeanAccumulator(1);
    for (int row : rows) {
      projections.add(unit.dot(states[row]));
    }
    return new SteeringVector(unit, projections.standardDeviation()[0]);
  }

  /** Another direction of the same length {@code spread}: the control. */
  SteeringVector along(Direction other) {
    return new SteeringVector(other, spread);
  }
}
