package dev.plumbline.core.stats;

import dev.plumbline.core.Check;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Count, mean and covariance {@code [D,D]} of vectors {@code [D]}, one pass, in double; memory
 * O(D²) whatever the count.
 *
 * <p>Vectors are gathered into blocks. A block is centred on its own mean and joins the rest as
 * Chan, Golub and LeVeque (1979) merge two samples, the correction riding along as one more row of
 * the block's product: sums of squares far from zero lose nothing. What comes out depends on the
 * vectors and their order alone, not on how many were given at a time. Float inputs are exact.
 *
 * <p>Not thread-safe; large D is worked by the common pool inside a call.
 */
public final class CovarianceAccumulator implements Moments {
  /** Rows of a block; with the correction a multiple of {@link SymmetricUpdate#DEPTH}. */
  private static final int BLOCK = 255;

  private final int width;
  private final double[] mean;
  private final double[][] moment;
  private long count;
  private double[][][] block;
  private int held;

  public CovarianceAccumulator(int size) {
    Check.that(size > 0, "size of an accumulator", "1 or more", size, "give the width D");
    width = SymmetricUpdate.width(size);
    mean = new double[size];
    moment = SymmetricUpdate.lower(size);
  }

  /**
   * What was collected elsewhere.
   *
   * @param count of vectors
   * @param mean {@code [D]}
   * @param squares sums of squares about the mean {@code [D,D]} row-major, of which the lower
   *     triangle is read; both copied
   */
  public static CovarianceAccumulator of(long count, double[] mean, double[] squares) {
    Check.that(count >= 0, "count of an accumulator", "0 or more", count, "count again");
    Check.size(mean.length * mean.length, squares.length, "sums of squares");
    CovarianceAccumulator made = new CovarianceAccumulator(mean.length);
    made.count = count;
    System.arraycopy(mean, 0, made.mean, 0, mean.length);
    for (int i = 0; i < mean.length; i++) {
      System.arraycopy(squares, i * mean.length, made.moment[i], 0, i + 1);
    }
    return made;
  }

  @Override
  public int size() {
    return mean.length;
  }

  @Override
  public void add(double... vector) {
    Check.size(mean.length, vector.length, "vector");
    double[][] row = next();
    for (int i = 0; i < vector.length; i++) {
      row[i / width][i % width] = vector[i];
    }
    taken();
  }

  @Override
  public void add(float[] values, int from, int rows) {
    MomentValues.requireRows(values, from, rows, mean.length);
    for (int r = 0; r < rows; r++) {
      double[][] row = next();
      int at = from + r * mean.length;
      for (int p = 0; p * width < mean.length; p++) {
        int end = Math.min(width, mean.length - p * width);
        for (int i = 0; i < end; i++) {
          row[p][i] = values[at + p * width + i];
        }
      }
      taken();
    }
  }

  /** The panels of the next row of the block; what they hold is old. */
  private double[][] next() {
    if (block == null) {
      block = new double[(mean.length + width - 1) / width][BLOCK + 1][width];
    }
    double[][] row = new double[block.length][];
    for (int p = 0; p < row.length; p++) {
      row[p] = block[p][held];
    }
    return row;
  }

  private void taken() {
    held++;
    if (held == BLOCK) {
      join();
    }
  }

  /** Joins the gathered block to the rest. */
  private void join() {
    if (held == 0) {
      return;
    }
    double total = (double) count + held;
    double[] delta = centred();
    double correction = Math.sqrt(count * (held / total));
    for (int i = 0; i < mean.length; i++) {
      mean[i] += delta[i] * (held / total);
      block[i / width][held][i % width] = correction * delta[i];
    }
    int rows = (held + SymmetricUpdate.DEPTH) / SymmetricUpdate.DEPTH * SymmetricUpdate.DEPTH;
    for (double[][] panel : block) {
      for (int r = held + 1; r < rows; r++) {
        Arrays.fill(panel[r], 0);
      }
    }
    SymmetricUpdate.add(moment, block, 0, rows, 1);
    count += held;
    held = 0;
  }

  /** Centres the block on its mean and tells how far that lies from the mean so far {@code [D]}. */
  private double[] centred() {
    double[] delta = new double[mean.length];
    for (int p = 0; p < block.length; p++) {
      double[] own = new double[width];
      for (int r = 0; r < held; r++) {
        for (int i = 0; i < width; i++) {
          own[i] += block[p][r][i];
        }
      }
      for (int i = 0; i < width; i++) {
        own[i] /= held;
      }
      for (int r = 0; r < held; r++) {
        for (int i = 0; i < width; i++) {
          block[p][r][i] -= own[i];
        }
      }
      for (int i = p * width; i < Math.min(mean.length, (p + 1) * width); i++) {
        delta[i] = own[i - p * width] - mean[i];
      }
    }
    return delta;
  }

  /** Takes everything the other one took; the other's figures stay as they are. */
  public void merge(CovarianceAccumulator other) {
    Check.size(mean.length, other.mean.length, "merged accumulator");
    join();
    other.join();
    if (other.count == 0) {
      return;
    }
    double total = (double) count + other.count;
    double[] delta = new double[mean.length];
    for (int i = 0; i < delta.length; i++) {
      delta[i] = other.mean[i] - mean[i];
      mean[i] += delta[i] * (other.count / total);
    }
    double weight = count * (other.count / total);
    for (int i = 0; i < delta.length; i++) {
      for (int j = 0; j <= i; j++) {
        moment[i][j] += other.moment[i][j] + weight * delta[i] * delta[j];
      }
    }
    count += other.count;
  }

  @Override
  public void merge(Moments other) {
    Check.that(
        other instanceof CovarianceAccumulator,
        "merged accumulator",
        "one with covariances",
        "one without",
        "collect both alike");
    merge((CovarianceAccumulator) other);
  }

  @Override
  public long count() {
    return count + held;
  }

  @Override
  public double[] mean() {
    require(1);
    join();
    return mean.clone();
  }

  @Override
  public double[] variance() {
    require(2);
    join();
    double[] variance = new double[mean.length];
    for (int i = 0; i < variance.length; i++) {
      variance[i] = moment[i][i] / (count - 1);
    }
    return variance;
  }

  /** The unbiased covariance {@code [D,D]}, a new array; at least two vectors. */
  public double[][] covariance() {
    require(2);
    join();
    return symmetric(1.0 / (count - 1), 0);
  }

  /**
   * The uncentred second moment {@code Σ x xᵀ / N} {@code [D,D]}, a new array: the mean's own
   * square is in it, which recentring would erase.
   */
  public double[][] secondMoment() {
    require(1);
    join();
    return symmetric(1.0 / count, 1);
  }

  private double[][] symmetric(double scale, double meanSquare) {
    double[][] full = new double[mean.length][mean.length];
    for (int i = 0; i < full.length; i++) {
      for (int j = 0; j <= i; j++) {
        full[i][j] = moment[i][j] * scale + meanSquare * mean[i] * mean[j];
        full[j][i] = full[i][j];
      }
    }
    return full;
  }

  private void require(long wanted) {
    Check.that(count() >= wanted, "accumulator", wanted + " or more vectors", count(), "add more");
  }

  @Override
  public void write(DataOutput out) throws IOException {
    join();
    out.writeLong(count);
    for (double each : mean) {
      out.writeDouble(each);
    }
    for (int i = 0; i < mean.length; i++) {
      for (int j = 0; j <= i; j++) {
        out.writeDouble(moment[i][j]);
      }
    }
  }

  /** Reads what {@link #write} wrote for D = {@code size}. */
  static CovarianceAccumulator read(DataInput in, int size) throws IOException {
    CovarianceAccumulator read = new CovarianceAccumulator(size);
    read.count = MomentValues.count(in);
    for (int i = 0; i < size; i++) {
      read.mean[i] = MomentValues.finite(in);
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        read.moment[i][j] = MomentValues.finite(in);
      }
    }
    return read;
  }
}
