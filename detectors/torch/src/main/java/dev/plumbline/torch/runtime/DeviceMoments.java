package dev.plumbline.torch.runtime;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.core.Check;
import dev.plumbline.core.stats.CovarianceAccumulator;
import dev.plumbline.torch.program.ScriptModule;
import java.util.Arrays;
import java.util.Objects;

/**
 * Count, mean and covariance {@code [D,D]} of vectors {@code [D]} on a device, one pass, in double:
 * {@link CovarianceAccumulator} for wide D, where matrix products are all there is to do. Blocks of
 * rows join as Chan, Golub and LeVeque (1979) merge samples; what came out is handed over by {@link
 * #moments()} and merges there.
 *
 * <p>Memory O(D²) on the device, one block of rows on the heap. Not thread-safe; closed by its
 * maker.
 */
public final class DeviceMoments implements AutoCloseable {
  /** From this width on worth it on a CPU. */
  public static final int WIDE = 512;

  private static final int BLOCK = 1024;
  private static final int PANEL = 512;

  private final PtNDManager manager;
  private final ScriptModule module;
  private final int size;
  private final float[] block;
  private final PtNDArray mean;
  private final PtNDArray moment;
  private long count;
  private int held;

  /** None yet, of vectors of width D = {@code size}. */
  public DeviceMoments(Device device, int size) {
    Check.that(size > 0, "size of moments", "1 or more", size, "give the width D");
    this.manager = TorchRuntime.start().manager(device);
    this.module = MomentsProgram.load(manager);
    this.size = size;
    this.block = new float[BLOCK * size];
    this.mean = (PtNDArray) manager.zeros(new Shape(size), DataType.FLOAT64);
    this.moment = (PtNDArray) manager.zeros(new Shape(size, size), DataType.FLOAT64);
  }

  /** Takes rows {@code [rows,D]} that begin at {@code from}; read, not kept; finite. */
  public void add(float[] values, int from, int rows) {
    Objects.checkFromIndexSize(from, Math.multiplyExact(rows, size), values.length);
    for (int done = 0; done < rows; ) {
      int some = Math.min(rows - done, BLOCK - held);
      System.arraycopy(values, from + done * size, block, held * size, some * size);
      held += some;
      done += some;
      if (held == BLOCK) {
        join();
      }
    }
  }

  private void join() {
    if (held == 0) {
      return;
    }
    float[] rows = held == BLOCK ? block : Arrays.copyOf(block, held * size);
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue x = IValue.from((PtNDArray) scratch.create(rows, new Shape(held, size)));
        IValue m = IValue.from(mean);
        IValue c = IValue.from(moment);
        IValue n = IValue.from((double) count);
        IValue panel = IValue.from((long) PANEL)) {
      module.call("join", x, m, c, n, panel).close();
    }
    count += held;
    held = 0;
  }

  /** Vectors taken. */
  public long count() {
    return count + held;
  }

  /** The mean {@code [D]}; at least one vector. */
  public double[] mean() {
    join();
    return Host.doubles(mean);
  }

  /** All of it on the heap, a copy: to be merged, written and read. */
  public CovarianceAccumulator moments() {
    join();
    return CovarianceAccumulator.of(count, Host.doubles(mean), Host.doubles(moment));
  }

  /**
   * {@code (Σ + ridge·mean variance·I)⁻¹ (μ₊ − μ₋)} {@code [D]} with both classes' covariances
   * about their own means, by Cholesky.
   *
   * @throws IllegalArgumentException if the sum is not positive definite
   */
  public static double[] whitened(DeviceMoments positive, DeviceMoments negative, double ridge) {
    double[] difference = positive.mean();
    double[] from = negative.mean();
    for (int i = 0; i < difference.length; i++) {
      difference[i] -= from[i];
    }
    return positive.solve(negative, ridge, difference);
  }

  private double[] solve(DeviceMoments other, double ridge, double[] right) {
    double scale = 1.0 / (count + other.count - 2);
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue a = IValue.from(moment);
        IValue b = IValue.from(other.moment);
        IValue s = IValue.from(scale);
        IValue r = IValue.from(ridge);
        IValue v = IValue.from((PtNDArray) scratch.create(right));
        IValue result = module.call("solve", a, b, s, r, v)) {
      double[] found = Host.doubles(result.toTensor(scratch));
      Check.that(
          found[size] == 0,
          "covariance to be inverted",
          "a positive definite one",
          "a pivot at column " + (long) found[size],
          "raise the ridge, or collect more answers than the width D");
      return Arrays.copyOf(found, size);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
