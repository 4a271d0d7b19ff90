package dev.plumbline.agent.tap.states;

import dev.plumbline.core.direction.Readout;
import java.util.Optional;

/** A readout over rows of states, one number per token, summed in float64. One thread. */
final class Projection {
  private final StateRows rows;
  private final float[][] weights;
  private final int[] points;
  private final double bias;
  private final float[] state;

  private Projection(Readout readout, StateRows rows) {
    this.rows = rows;
    this.bias = readout.bias();
    this.state = new float[rows.hidden()];
    this.weights = readout.tapPoints().stream().map(readout::weights).toArray(float[][]::new);
    this.points =
        readout.tapPoints().stream().mapToInt(point -> rows.points().indexOf(point)).toArray();
  }

  /** Nothing where a tap point of the readout was not handed over. */
  static Optional<Projection> of(Readout readout, StateRows rows) {
    boolean there = rows.points().containsAll(readout.tapPoints());
    return there ? Optional.of(new Projection(readout, rows)) : Optional.empty();
  }

  /** The readout of a token, from 0. */
  double at(int token) {
    double sum = bias;
    for (int k = 0; k < points.length; k++) {
      rows.read(token, points[k], state);
      sum += dot(weights[k], state);
    }
    return sum;
  }

  /** Four sums side by side: one alone waits for its own result at every step. */
  private static double dot(float[] w, float[] h) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int whole = w.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      a += (double) w[i] * h[i];
      b += (double) w[i + 1] * h[i + 1];
      c += (double) w[i + 2] * h[i + 2];
      d += (double) w[i + 3] * h[i + 3];
    }
    for (int i = whole; i < w.length; i++) {
      a += (double) w[i] * h[i];
    }
    return a + b + (c + d);
  }
}
