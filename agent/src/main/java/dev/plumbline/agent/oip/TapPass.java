package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Receipt;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One pass over the hidden states {@code [T,D]} of one tap point: projection, the probe's share of
 * the readout, and the ablated states; all sums in float64. One thread.
 */
final class TapPass {
  private final Rows rows;
  private final Optional<TapDirection> direction;
  private final Optional<double[]> weights;
  private final Optional<DirectionalAblation> ablation;
  private final double[] projections;
  private final double[] readouts;
  private final ByteBuffer ablated;
  private Receipt receipt = Receipt.NONE;

  /**
   * @param direction the tap point's, for the projection
   * @param weights the probe's at this tap point {@code [D]}
   * @param ablation what is taken out
   */
  TapPass(
      Rows rows,
      int hidden,
      Optional<TapDirection> direction,
      Optional<double[]> weights,
      Optional<DirectionalAblation> ablation) {
    this.rows = rows;
    this.direction = direction;
    this.weights = weights;
    this.ablation = ablation;
    this.projections = new double[rows.tokens()];
    this.readouts = new double[rows.tokens()];
    this.ablated = ablation.map(each -> rows.copy()).orElse(null);
    run(hidden);
  }

  private void run(int hidden) {
    float[] state = new float[hidden];
    double[] moved = new double[hidden];
    double[] unit = direction.map(tap -> tap.direction().exact()).orElse(null);
    for (int token = 0; token < rows.tokens(); token++) {
      rows.read(token, state);
      if (unit != null) {
        projections[token] = dot(unit, state);
        if (ablated != null) {
          ablate(token, state, unit, moved);
        }
      }
      if (weights.isPresent()) {
        readouts[token] = dot(weights.get(), state);
      }
    }
  }

  /** A state that is not finite has no projection to take out: it stays, and is not counted. */
  private void ablate(int token, float[] state, double[] unit, double[] moved) {
    double change = ablation.orElseThrow().coefficients().change(projections[token]);
    if (!Double.isFinite(change)) {
      return;
    }
    for (int i = 0; i < unit.length; i++) {
      moved[i] = state[i] + change * unit[i];
    }
    rows.write(token, moved, ablated);
    receipt = receipt.merge(Receipt.ofToken(change));
  }

  /** Four sums side by side: one alone waits for its own result at every step. */
  private static double dot(double[] w, float[] h) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int whole = w.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      a += w[i] * h[i];
      b += w[i + 1] * h[i + 1];
      c += w[i + 2] * h[i + 2];
      d += w[i + 3] * h[i + 3];
    }
    for (int i = whole; i < w.length; i++) {
      a += w[i] * h[i];
    }
    return a + b + (c + d);
  }

  int tokens() {
    return rows.tokens();
  }

  /** {@code h·d} of each token in residual units; nothing without a direction here. */
  Optional<double[]> projections() {
    return direction.map(tap -> projections);
  }

  /** The probe's share of a token's readout. */
  double readout(int token) {
    return readouts[token];
  }

  /** The changed states, of the input's name, datatype and shape. */
  Optional<Tensor> ablated() {
    Tensor tensor = rows.tensor();
    return Optional.ofNullable(ablated)
        .map(bytes -> Tensor.of(tensor.name(), tensor.datatype(), tensor.shape(), bytes));
  }

  Receipt receipt() {
    return receipt;
  }
}
