package dev.plumbline.core.stats;

import dev.plumbline.core.Check;

/**
 * Count, mean and spread of vectors {@code [D]}, one pass, in double (Welford 1962; merging as
 * Chan, Golub and LeVeque 1979). Not thread-safe: one each per thread, then {@link #merge}.
 */
public final class MeanAccumulator {

  private final double[] mean;
  private final double[] m2;
  private long count;

  public MeanAccumulator(int size) {
    Check.that(size > 0, "size of an accumulator", "1 or more", size, "give the width D");
    mean = new double[size];
    m2 = new double[size];
  }

  /** Takes one vector {@code [D]}; read, not kept. */
  public void add(float[] vector) {
    Check.size(mean.length, vector.length, "vector");
    count++;
    for (int i = 0; i < mean.length; i++) {
      step(i, vector[i]);
    }
  }

  /** Takes one vector {@code [D]}; read, not kept. */
  public void add(double... vector) {
    Check.size(mean.length, vector.length, "vector");
    count++;
    for (int i = 0; i < mean.length; i++) {
      step(i, vector[i]);
    }
  }

  private void step(int i, double value) {
    double delta = value - mean[i];
    mean[i] += delta / count;
    m2[i] += delta * (value - mean[i]);
  }

  /** Takes everything the other one took; the other is left as it is. */
  public void merge(MeanAccumulator other) {
    Check.size(mean.length, other.mean.length, "merged accumulator");
    if (other.count == 0) {
      return;
    }
    double total = (double) count + other.count;
    for (int i = 0; i < mean.length; i++) {
      double delta = other.mean[i] - mean[i];
      m2[i] += other.m2[i] + delta * delta * (count * (other.count / total));
      mean[i] += delta * (other.count / total);
    }
    count += other.count;
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

  /** The unbiased variance {@code [D]}, a new array; at least two vectors. */
  public double[] variance() {
    require(2);
    double[] variance = m2.clone();
    for (int i = 0; i < variance.length; i++) {
      variance[i] /= count - 1;
    }
    return variance;
  }

  /** The square root of {@link #variance} {@code [D]}, a new array. */
  public double[] standardDeviation() {
    double[] deviation = variance();
    for (int i = 0; i < deviation.length; i++) {
      deviation[i] = Math.sqrt(deviation[i]);
    }
    return deviation;
  }

  private void require(long wanted) {
    Check.that(count >= wanted, "accumulator", wanted + " or more vectors", count, "add more");
  }
}
