package dev.plumbline.learn.bench;

import ai.djl.Device;
import dev.plumbline.core.stats.CovarianceAccumulator;
import dev.plumbline.learn.statistics.Estimation;
import dev.plumbline.learn.statistics.Estimator;
import dev.plumbline.torch.runtime.DeviceMoments;
import java.util.Optional;

/**
 * Full covariances of both classes at one tap point: in Java, or on the device where D is wide.
 * Closed by its maker.
 */
interface ClassMoments extends AutoCloseable {
  void add(boolean positive, float[] values, int from, int rows);

  /** Sums up what was only gathered so far, so that its time counts as collecting. */
  void settle();

  /** The whitened direction {@code [D]}. */
  double[] whitened(double ridge);

  @Override
  void close();

  static ClassMoments of(int width, Device device) {
    return width < DeviceMoments.WIDE ? new Heap(width) : new OnDevice(width, device);
  }

  /** In Java: the reference. */
  record Heap(CovarianceAccumulator positive, CovarianceAccumulator negative)
      implements ClassMoments {
    Heap(int width) {
      this(new CovarianceAccumulator(width), new CovarianceAccumulator(width));
    }

    @Override
    public void add(boolean worse, float[] values, int from, int rows) {
      (worse ? positive : negative).add(values, from, rows);
    }

    @Override
    public void settle() {
      positive.mean();
      negative.mean();
    }

    @Override
    public double[] whitened(double ridge) {
      return new Estimation(positive, negative, Optional.empty(), ridge).vector(Estimator.WHITENED);
    }

    @Override
    public void close() {
      // Nothing is held but the heap.
    }
  }

  /** Matrix products of the device. */
  record OnDevice(DeviceMoments positive, DeviceMoments negative) implements ClassMoments {
    OnDevice(int width, Device device) {
      this(new DeviceMoments(device, width), new DeviceMoments(device, width));
    }

    @Override
    public void add(boolean worse, float[] values, int from, int rows) {
      (worse ? positive : negative).add(values, from, rows);
    }

    @Override
    public void settle() {
      positive.mean();
      negative.mean();
    }

    @Override
    public double[] whitened(double ridge) {
      return DeviceMoments.whitened(positive, negative, ridge);
    }

    @Override
    public void close() {
      positive.close();
      negative.close();
    }
  }
}
