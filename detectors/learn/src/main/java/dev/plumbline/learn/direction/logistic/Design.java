package dev.plumbline.learn.direction.logistic;

/** A matrix {@code [N,F]} of features as a fit needs it. Read by one thread at a time. */
public interface Design {
  /** N. */
  int rows();

  /** F. */
  int columns();

  /** {@code x_row · w}. */
  double dot(int row, double[] w);

  /** {@code into += scale · x_row}. */
  void addTo(double[] into, int row, double scale);
}
