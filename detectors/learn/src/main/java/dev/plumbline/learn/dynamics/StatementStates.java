package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import java.util.Map;
import java.util.TreeMap;

/** Hidden states of statements at block outputs: {@code [N,D]} by layer and pooling. */
final class StatementStates {
  private final Map<Integer, Map<Pooling, float[][]>> states = new TreeMap<>();
  private final int rows;

  StatementStates(int rows) {
    this.rows = rows;
  }

  void set(int layer, Pooling pooling, int row, float[] state) {
    Check.finite(state, "state of statement " + (row + 1) + " at layer " + layer);
    states.computeIfAbsent(layer, key -> new TreeMap<>())
            .computeIfAbsent(pooling, key -> new float[rows][])[row] =
        state;
  }

  /** In double, {@code [N,D]}, a new array. */
  double[][] at(int layer, Pooling pooling) {
    float[][] own = states.get(layer).get(pooling);
    double[][] wide = new double[rows][];
    for (int row = 0; row < rows; row++) {
      wide[row] = new double[own[row].length];
      for (int i = 0; i < wide[row].length; i++) {
        wide[row][i] = own[row][i];
      }
    }
    return wide;
  }
}
