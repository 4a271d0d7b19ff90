package dev.plumbline.export.residual;

import dev.plumbline.core.residual.TapPoint;

/** One tap point's running sums, in residual units. */
final class Sums {
  private long tokens;
  private double mean;
  private double square;
  private double largest;
  private double bareMean;
  private double bareSpread;
  private double bareSquare;

  /**
   * Adds a token.
   *
   * @param export projection under the export
   * @param plan under the plan, after its change
   * @param bare without either
   */
  void add(double export, double plan, double bare) {
    tokens++;
    double left = export - plan;
    mean += left;
    square += left * left;
    largest = Math.max(largest, Math.abs(left));
    bareSquare += (bare - plan) * (bare - plan);
    double step = bare - bareMean;
    bareMean += step / tokens;
    bareSpread += step * (bare - bareMean);
  }

  long tokens() {
    return tokens;
  }

  /** The standard deviation of the bare projection. */
  double spread() {
    return Math.sqrt(bareSpread / Math.max(1, tokens - 1));
  }

  Remaining remaining(TapPoint point, double spread) {
    return new Remaining(
        point,
        spread,
        Math.sqrt(bareSquare / tokens) / spread,
        mean / tokens / spread,
        Math.sqrt(square / tokens) / spread,
        largest / spread);
  }
}
