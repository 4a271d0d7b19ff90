package dev.plumbline.learn.direction.logistic;

/**
 * {@code w·x + b}. Immutable; weights are copied in and out.
 *
 * <p>Where it was fitted on standardised features, {@link #folded} gives the same function of the
 * raw ones: {@code Σ w_i (x_i − m_i)/s_i + b = Σ (w_i/s_i) x_i + (b − Σ w_i m_i/s_i)}.
 */
public final class LinearModel {
  private final double[] weights;
  private final double bias;

  public LinearModel(double[] weights, double bias) {
    this.weights = weights.clone();
    this.bias = bias;
  }

  /** The weights {@code [F]}, copied. */
  public double[] weights() {
    return weights.clone();
  }

  public double bias() {
    return bias;
  }

  /** {@code w·x_row + b}. */
  public double value(Design design, int row) {
    return design.dot(row, weights) + bias;
  }

  /** {@code w·x + b} of one row {@code [F]}. */
  public double value(double[] x) {
    double sum = bias;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * x[i];
    }
    return sum;
  }

  /** The same function of features that were not standardised. */
  public LinearModel folded(Standardisation standardisation) {
    double[] raw = weights.clone();
    double shift = bias;
    for (int i = 0; i < raw.length; i++) {
      raw[i] /= standardisation.deviation(i);
      shift -= raw[i] * standardisation.mean(i);
    }
    return new LinearModel(raw, shift);
  }
}
