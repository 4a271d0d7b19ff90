package dev.plumbline.torch.runtime;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.torch.program.ScriptModule;

/** Products and copies on a device without a model, for those who judge the device. */
public final class DeviceProbe implements AutoCloseable {
  private final PtNDManager manager;
  private final ScriptModule module;
  private final Native natives;

  /** On a device; closed by the caller. */
  public DeviceProbe(Device device) {
    this.manager = TorchRuntime.start().manager(device);
    this.module = WeightProbe.load(manager);
    this.natives = new Native(manager, module);
  }

  /**
   * {@code x Wᵀ} on the device.
   *
   * @param x {@code [N,D]} row-major
   * @param w {@code [O,D]} row-major
   * @return {@code [N,O]}, widened to float32 after the product
   */
  public float[] product(Precision precision, float[] x, float[] w, int width) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue a = IValue.from(natives.cast(scratch, x, precision, x.length / width, width));
        IValue b = IValue.from(natives.cast(scratch, w, precision, w.length / width, width));
        IValue result = module.call("product", a, b)) {
      return Host.floats(result.toTensor(scratch));
    }
  }

  /** Bytes read and written a second by a plain copy of {@code size} bytes, the best of three. */
  public double copyBandwidth(long size) {
    Shape floats = new Shape(size / 4);
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue from = IValue.from((PtNDArray) scratch.ones(floats));
        IValue into = IValue.from((PtNDArray) scratch.zeros(floats));
        IValue times = IValue.from(4L)) {
      double best = 0;
      for (int i = 0; i < 3; i++) {
        long begin = System.nanoTime();
        try (IValue result = module.call("copy", into, from, times)) {
          Host.floats(result.toTensor(scratch));
        }
        best = Math.max(best, 8.0 * size * 1e9 / (System.nanoTime() - begin));
      }
      return best;
    }
  }

  /** Multiplications and additions a second of a product of square float64 matrices. */
  public double doubleRate(int size, int repeats) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      PtNDArray a = (PtNDArray) scratch.ones(new Shape(size, size), DataType.FLOAT64);
      double best = 0;
      for (int i = 0; i < repeats; i++) {
        long begin = System.nanoTime();
        try (NDArray product = a.matMul(a);
            NDArray one = product.get(0, 0)) {
          one.getDouble();
        }
        best = Math.max(best, 2e9 * size * size * size / (System.nanoTime() - begin));
      }
      return best;
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
