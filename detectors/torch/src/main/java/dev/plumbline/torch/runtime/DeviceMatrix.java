package dev.plumbline.torch.runtime;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.torch.program.ScriptModule;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * Features {@code [N,F]} in float32 on a device, and their products with many vectors at a time:
 * one sweep over them serves K fits. One thread; closed by its maker.
 */
public final class DeviceMatrix implements AutoCloseable {
  private final PtNDManager manager;
  private final ScriptModule module;
  private final PtNDArray values;
  private final int rows;
  private final int columns;

  /**
   * @param values {@code [N,F]} row-major; copied
   */
  public DeviceMatrix(Device device, float[] values, int columns) {
    this.columns = Objects.checkIndex(columns, values.length + 1);
    this.rows = values.length / columns;
    this.manager = TorchRuntime.start().manager(device);
    this.module = MomentsProgram.load(manager);
    this.values = (PtNDArray) manager.create(FloatBuffer.wrap(values), new Shape(rows, columns));
  }

  /** N. */
  public int rows() {
    return rows;
  }

  /** F. */
  public int columns() {
    return columns;
  }

  /** {@code X Wᵀ} {@code [N,K]} of weights {@code [K,F]}, both row-major. */
  public float[] scores(float[] weights) {
    return product("scores", weights, weights.length / columns, columns);
  }

  /** {@code Rᵀ X} {@code [K,F]} of slopes {@code [N,K]}, both row-major. */
  public float[] gradients(float[] slopes) {
    return product("gradients", slopes, rows, slopes.length / rows);
  }

  private float[] product(String method, float[] other, long... shape) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue x = IValue.from(values);
        IValue y = IValue.from((PtNDArray) scratch.create(other, new Shape(shape)));
        IValue result = module.call(method, x, y)) {
      return Host.floats(result.toTensor(scratch));
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
