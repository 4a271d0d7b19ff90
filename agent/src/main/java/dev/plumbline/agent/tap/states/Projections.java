package dev.plumbline.agent.tap.states;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Readouts over rows of states, one number per token and readout, summed in float64. Each state is
 * widened once for all of them.
 */
final class Projections {
  private final Map<Readout, double[]> values = new IdentityHashMap<>();

  /** Weights at one tap point, and the sums {@code [T]} their products go to. */
  private record Term(float[] weights, double[] sums) {}

  /** Of those readouts all of whose tap points were handed over. */
  Projections(StateRows rows, List<Readout> readouts) {
    for (Readout readout : readouts) {
      if (rows.points().containsAll(readout.tapPoints())) {
        double[] sums = new double[rows.tokens()];
        Arrays.fill(sums, readout.bias());
        values.put(readout, sums);
      }
    }
    float[] state = new float[rows.hidden()];
    for (int point = 0; point < rows.points().size(); point++) {
      add(rows, point, terms(rows.points().get(point)), state);
    }
  }

  /** The readout of each token, {@code [T]}; nothing where a tap point was not handed over. */
  Optional<double[]> of(Readout readout) {
    return Optional.ofNullable(values.get(readout));
  }

  private List<Term> terms(TapPoint point) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().tapPoints().contains(point))
        .map(entry -> new Term(entry.getKey().weights(point), entry.getValue()))
        .toList();
  }

  private static void add(StateRows rows, int point, List<Term> terms, float[] state) {
    if (terms.isEmpty()) {
      return;
    }
    for (int token = 0; token < rows.tokens(); token++) {
      rows.read(token, point, state);
      for (Term term : terms) {
        term.sums()[token] += dot(term.weights(), state);
      }
    }
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
