package dev.plumbline.agent.wire.oip;

import com.google.protobuf.ByteString;
import dev.plumbline.agent.wire.oip.grpc.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Typed contents of a gRPC tensor. */
final class GrpcContents {
  private GrpcContents() {}

  /** Elements in binary, as many as there are in the field of this datatype. */
  static ByteBuffer read(String name, Datatype type, InferTensorContents from) {
    return switch (type) {
      case BOOL -> wholes(type, from.getBoolContentsCount(), i -> from.getBoolContents(i) ? 1 : 0);
      case INT8, INT16, INT32 -> wholes(type, from.getIntContentsCount(), from::getIntContents);
      case UINT8, UINT16, UINT32 ->
          wholes(type, from.getUintContentsCount(), i -> from.getUintContents(i) & 0xffff_ffffL);
      case INT64 -> wholes(type, from.getInt64ContentsCount(), from::getInt64Contents);
      case UINT64 -> wholes(type, from.getUint64ContentsCount(), from::getUint64Contents);
      case FP32 -> floats(type, from.getFp32ContentsCount(), from::getFp32Contents);
      case FP64 -> floats(type, from.getFp64ContentsCount(), from::getFp64Contents);
      case BYTES ->
          Texts.pack(from.getBytesContentsList().stream().map(ByteString::toByteArray).toList());
      case FP16, BF16 ->
          throw OipException.invalid(
              "tensor " + name, "raw contents for " + type, "typed ones", "send raw contents");
    };
  }

  private interface WholeAt {
    long at(int index);
  }

  private interface FloatAt {
    double at(int index);
  }

  private static ByteBuffer wholes(Datatype type, int count, WholeAt values) {
    ByteBuffer bytes = room(type, count);
    for (int i = 0; i < count; i++) {
      Wholes.put(type, bytes, values.at(i));
    }
    return bytes.flip();
  }

  private static ByteBuffer floats(Datatype type, int count, FloatAt values) {
    ByteBuffer bytes = room(type, count);
    for (int i = 0; i < count; i++) {
      Floats.write(type, bytes, i, values.at(i));
    }
    return bytes;
  }

  private static ByteBuffer room(Datatype type, int count) {
    return ByteBuffer.allocate(Math.multiplyExact(count, type.bytes()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
