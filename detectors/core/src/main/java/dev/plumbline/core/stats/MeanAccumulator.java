package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Count, mean and spread of vectors {@code [D]}, one pass, in double (Welford 1962; merging as
 * Chan, Golub and LeVeque 1979). Not thread-safe: one each per thread, then {@link #merge}.
 */
public final class MeanAccumulator implements Moments {

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

  @Override
  public void add(float[] values, int from, int rows) {
    MomentValues.requireRows(values, from, rows, mean.length);
    for (int r = 0; r < rows; r++) {
      count++;
      int at = from + r * mean.length;
      double share = 1.0 / count;
      for (int i = 0; i < mean.length; i++) {
        double delta = values[at + i] - mean[i];
        mean[i] += delta * share;
        m2[i] += delta * (values[at + i] - mean[i]);
      }
    }
  }

  @Override
  public int size() {
    return mean.length;
  }

  @Override
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

  @Override
  public void merge(Moments other) {
    Check.that(
        other instanceof MeanAccumulator,
        "merged accumulator",
        "one without covariances",
        "one with",
        "collect both alike");
    merge((MeanAccumulator) other);
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public double[] mean() {
    require(1);
    return mean.clone();
  }

  @Override
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

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeLong(count);
    for (double each : mean) {
      out.writeDouble(each);
    }
    for (double each : m2) {
      out.writeDouble(each);
    }
  }

  /** Reads what {@link #write} wrote for D = {@code size}. */
  static MeanAccumulator read(DataInput in, int size) throws IOException {
    MeanAccumulator read = new MeanAccumulator(size);
    read.count = MomentValues.count(in);
    for (int i = 0; i < size; i++) {
      read.mean[i] = MomentValues.finite(in);
    }
    for (int i = 0; i < size; i++) {
      read.m2[i] = MomentValues.finite(in);
    }
    return read;
  }
}
