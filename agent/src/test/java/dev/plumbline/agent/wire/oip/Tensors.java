package dev.plumbline.agent.wire.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors for tests. */
final class Tensors {
  private Tensors() {}

  static Tensor fp32(String name, Shape shape, float... values) {
    return floats(name, Datatype.FP32, shape, values);
  }

  static Tensor floats(String name, Datatype type, Shape shape, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      Floats.write(type, bytes, i, values[i]);
    }
    return Tensor.of(name, type, shape, bytes);
  }

  static double[] values(Tensor tensor) {
    ByteBuffer bytes = tensor.elements().orElseThrow();
    double[] values = new double[bytes.remaining() / tensor.datatype().bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          tensor.datatype().floating()
              ? Floats.read(tensor.datatype(), bytes, i)
              : Wholes.read(tensor.datatype(), bytes, i);
    }
    return values;
  }
}
