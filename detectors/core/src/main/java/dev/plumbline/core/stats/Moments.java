package dev.plumbline.core.stats;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Sufficient statistics of vectors {@code [D]}: count, mean and spread, with covariances ({@link
 * CovarianceAccumulator}) or without ({@link MeanAccumulator}: the diagonal only, O(D)). Collected
 * in one pass, in double; two of a kind merge into what one pass over both would have given. Not
 * thread-safe.
 */
public sealed interface Moments permits MeanAccumulator, CovarianceAccumulator {

  /** D. */
  int size();

  /** Vectors taken. */
  long count();

  /** Takes rows {@code [rows,D]} that begin at {@code from}; read, not kept; finite. */
  void add(float[] values, int from, int rows);

  /** Takes one vector {@code [D]}; read, not kept. */
  void add(double... vector);

  /** Takes everything the other one took, which is of the same kind and left as it is. */
  void merge(Moments other);

  /** The mean {@code [D]}, copied; at least one vector. */
  double[] mean();

  /** The unbiased variance {@code [D]}, a new array; at least two vectors. */
  double[] variance();

  /** Root mean square of the components' standard deviations: the size of a vector's scatter. */
  default double spread() {
    double sum = 0;
    double[] variance = variance();
    for (double each : variance) {
      sum += each;
    }
    return Math.sqrt(sum / variance.length);
  }

  /** An empty one of the same kind and size. */
  default Moments empty() {
    return of(size(), this instanceof CovarianceAccumulator);
  }

  /** Writes count, mean and sums of squares; all there is. */
  void write(DataOutput out) throws IOException;

  /** An empty one. */
  static Moments of(int size, boolean covariances) {
    return covariances ? new CovarianceAccumulator(size) : new MeanAccumulator(size);
  }

  /** Reads what {@link #write} wrote of that size and kind; every value is checked. */
  static Moments read(DataInput in, int size, boolean covariances) throws IOException {
    return covariances ? CovarianceAccumulator.read(in, size) : MeanAccumulator.read(in, size);
  }
}
