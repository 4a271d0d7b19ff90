package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

/**
 * Mean and covariance {@code [D,D]} of vectors {@code [D]}, one pass, in double. O(D²) memory and
 * time per vector. Not thread-safe.
 */
public final class CovarianceAccumulator {

  private final double[] mean;
  private final double[][] moment;
  private long count;

  public CovarianceAccumulator(int size) {
    Check.that(size > 0, "size of an accumulator", "1 or more", size, "give the width D");
    mean = new double[size];
    moment = new double[size][size];
  }

  /** Takes one vector {@code [D]}; read, not kept. */
  public void add(double... vector) {
    Check.size(mean.length, vector.length, "vector");
    count++;
    double[] delta = new double[mean.length];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = vector[i] - mean[i];
      mean[i] += delta[i] / count;
    }
    addOuter(delta, (count - 1.0) / count);
  }

  /** Takes everything the other one took; the other is left as it is. */
  public void merge(CovarianceAccumulator other) {
    Check.size(mean.length, other.mean.length, "merged accumulator");
    if (other.count == 0) {
      return;
    }
    double total = (double) count + other.count;
    double[] delta = new double[mean.length];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = other.mean[i] - mean[i];
      mean[i] += delta[i] * (other.count / total);
      for (int j = 0; j < delta.length; j++) {
        moment[i][j] += other.moment[i][j];
      }
    }
    addOuter(delta, count * (other.count / total));
    count += other.count;
  }

  private void addOuter(double[] delta, double weight) {
    for (int i = 0; i < delta.length; i++) {
      for (int j = 0; j < delta.length; j++) {
        moment[i][j] += weight * delta[i] * delta[j];
      }
    }
  }

  /** Vectors taken. */
  public long count() {
    return count;
  }

  /** The mean {@code [D]}, copied; at least one vector. */
  public double[] mean() {
    require(1);
    return mean.clone();
  }

  /** The unbiased covariance {@code [D,D]}, a new array; at least two vectors. */
  public double[][] covariance() {
    require(2);
    double[][] covariance = new double[mean.length][];
    for (int i = 0; i < mean.length; i++) {
      covariance[i] = moment[i].clone();
      for (int j = 0; j < mean.length; j++) {
        covariance[i][j] /= count - 1;
      }
    }
    return covariance;
  }

  private void require(long wanted) {
    Check.that(count >= wanted, "accumulator", wanted + " or more vectors", count, "add more");
  }
}
