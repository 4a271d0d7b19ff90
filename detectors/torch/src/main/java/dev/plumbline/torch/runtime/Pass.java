package dev.plumbline.torch.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.core.residual.TapPoint;
import java.util.Arrays;

/**
 * What one forward pass gave; lives on the device until asked for. Closed by the caller, on the
 * decoder's thread.
 */
public final class Pass implements AutoCloseable {
  private final Decoder decoder;
  private final PtNDManager manager;
  private final Native natives;
  private final PtNDArray logits;
  private final PtNDArray[] taps;
  private final PtNDArray readouts;
  private final PtNDArray changes;
  private float[] changesOnHost;
  private final Watch watch;
  private final int rows;
  private final int columns;

  Pass(
      Decoder decoder,
      PtNDManager manager,
      Native natives,
      IValue[] result,
      Watch watch,
      int rows,
      int columns) {
    this.decoder = decoder;
    this.manager = manager;
    this.natives = natives;
    this.watch = watch;
    this.rows = rows;
    this.columns = columns;
    this.logits = result[0].toTensor(manager);
    this.taps =
        watch == null || watch.taps().isEmpty()
            ? new PtNDArray[0]
            : result[1].toTensorArray(manager);
    this.readouts = result[2].toTensor(manager);
    this.changes = result[3].toTensor(manager);
    for (IValue value : result) {
      value.close();
    }
  }

  /** Logits on the device, float32, {@code [B,1,V]} or {@code [B,T,V]} as asked. */
  NDArray logits() {
    return logits;
  }

  /** Logits on the heap, float32, row-major. */
  public float[] logitsToHost() {
    return Host.floats(logits);
  }

  /** One token a row, drawn from the last column's logits. */
  public long[] sample(Sampling[] sampling, double[] u) {
    try (NDArray last = logits.reshape(rows, decoder.vocabulary())) {
      return decoder.sample(last, sampling, u);
    }
  }

  /** Whole hidden states at a watched tap point, {@code [B,T,D]} row-major float32, a new array. */
  public float[] states(TapPoint point) {
    return states(point, new float[0]);
  }

  /**
   * The same into an array that is kept from pass to pass, so that reading much leaves no garbage.
   *
   * @return {@code into} with the states first, or a new array where it is too short
   */
  public float[] states(TapPoint point, float[] into) {
    TapPoint canonical = point.canonical(decoder.shape().layers());
    int index = watch == null ? -1 : watch.taps().indexOf(canonical);
    if (index < 0) {
      throw new IllegalArgumentException(
          "states at "
              + point
              + ": wanted one of "
              + (watch == null ? "none" : watch.taps())
              + "; name it in the watch");
    }
    try (PtNDArray wide = natives.cast(manager, taps[index], Precision.FLOAT32)) {
      return Host.floats(wide, into);
    }
  }

  /**
   * All readouts, {@code [B,T,K]} row-major, biases added; the only numbers that leave the device.
   */
  public double[] readouts() {
    if (watch == null || watch.readouts() == 0) {
      return new double[0];
    }
    float[] raw = Host.floats(readouts);
    double[] values = new double[raw.length];
    for (int i = 0; i < raw.length; i++) {
      values[i] = raw[i] + watch.bias(i % watch.readouts());
    }
    return values;
  }

  /**
   * Σ over edited points of |p' − p| in residual units, per token, {@code [B,T]} row-major; empty
   * where nothing was edited.
   */
  public float[] removed() {
    float[] both = changes();
    return Arrays.copyOf(both, both.length / 2);
  }

  /** The largest |p' − p| of any edited point, per token, as {@link #removed}. */
  public float[] largest() {
    float[] both = changes();
    return Arrays.copyOfRange(both, both.length / 2, both.length);
  }

  private float[] changes() {
    if (changesOnHost == null) {
      changesOnHost = Host.floats(changes);
    }
    return changesOnHost;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  @Override
  public void close() {
    manager.close();
    decoder.closed();
  }
}
