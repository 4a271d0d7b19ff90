package dev.plumbline.torch.runtime;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.torch.program.ScriptModule;
import java.nio.FloatBuffer;

/**
 * Small native values of one device: empty tensors, lists, and float data of any precision.
 *
 * <p>Owned by the manager it was made with. One thread at a time.
 */
final class Native {
  /** Staging for uploads; a tensor goes over in pieces of this many floats. */
  static final int STAGE_FLOATS = 4 << 20;

  private final PtNDManager manager;
  private final ScriptModule module;
  private final PtNDArray nothing;
  private final IValue nothingValue;
  private final IValue noneListed;

  Native(PtNDManager manager, ScriptModule module) {
    this.manager = manager;
    this.module = module;
    this.nothing = (PtNDArray) manager.create(new float[0], new Shape(0));
    this.nothingValue = IValue.from(nothing);
    this.noneListed = IValue.listFrom(nothing);
  }

  /** A float tensor of no elements, which stands for "absent" in the program. */
  PtNDArray nothing() {
    return nothing;
  }

  /** {@link #nothing} as an argument; shared, never closed by callers. */
  IValue nothingValue() {
    return nothingValue;
  }

  /** A list of one absent tensor; shared, never closed by callers. */
  IValue noneListed() {
    return noneListed;
  }

  /** A method of the program. */
  IValue call(String method, IValue... arguments) {
    return module.call(method, arguments);
  }

  PtNDArray longs(PtNDManager into, long[] values, long... shape) {
    return (PtNDArray) into.create(values, new Shape(shape));
  }

  PtNDArray floats(PtNDManager into, float[] values, long... shape) {
    return (PtNDArray) into.create(values, new Shape(shape));
  }

  /** Float data in a precision; an opaque array where DJL lacks the format. */
  PtNDArray cast(PtNDManager into, float[] values, Precision precision, long... shape) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      return cast(into, floats(scratch, values, shape), precision);
    }
  }

  /** A copy in another precision. */
  PtNDArray cast(PtNDManager into, PtNDArray array, Precision precision) {
    try (IValue x = IValue.from(array);
        IValue type = IValue.from((long) precision.scalarType());
        IValue result = module.call("cast", x, type)) {
      return result.toTensor(into);
    }
  }

  /** Zeros of a shape and precision on this device. */
  PtNDArray zeros(PtNDManager into, Precision precision, long... shape) {
    try (IValue dims = IValue.listFrom(shape);
        IValue type = IValue.from((long) precision.scalarType());
        IValue result = module.call("blank", nothingValue, dims, type)) {
      return result.toTensor(into);
    }
  }

  /**
   * Writes float rows into a tensor of any precision, from row {@code at} on; {@code shape} is
   * theirs.
   */
  void fillRows(PtNDArray into, long at, FloatBuffer rows, long... shape) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      PtNDArray staged = (PtNDArray) scratch.create(rows, new Shape(shape), DataType.FLOAT32);
      try (IValue target = IValue.from(into);
          IValue where = IValue.from(at);
          IValue source = IValue.from(staged)) {
        module.call("fill_rows", target, where, source).close();
      }
    }
  }
}
