package dev.plumbline.agent.wire.oip;

import java.nio.ByteBuffer;

/** Whole-number and truth elements in place. {@code UINT64} is held in a long's bits. */
final class Wholes {
  private Wholes() {}

  static long read(Datatype type, ByteBuffer bytes, int at) {
    int place = bytes.position() + at * type.bytes();
    return switch (type) {
      case INT8 -> bytes.get(place);
      case BOOL, UINT8 -> bytes.get(place) & 0xff;
      case INT16 -> bytes.getShort(place);
      case UINT16 -> bytes.getShort(place) & 0xffff;
      case INT32 -> bytes.getInt(place);
      case UINT32 -> bytes.getInt(place) & 0xffff_ffffL;
      case INT64, UINT64 -> bytes.getLong(place);
      default -> throw notWhole(type);
    };
  }

  /** Appends an element. */
  static void put(Datatype type, ByteBuffer bytes, long value) {
    switch (type) {
      case BOOL -> bytes.put((byte) within(type, value, 0, 1));
      case INT8 -> bytes.put((byte) within(type, value, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case UINT8 -> bytes.put((byte) within(type, value, 0, 0xff));
      case INT16 -> bytes.putShort((short) within(type, value, Short.MIN_VALUE, Short.MAX_VALUE));
      case UINT16 -> bytes.putShort((short) within(type, value, 0, 0xffff));
      case INT32 -> bytes.putInt((int) within(type, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case UINT32 -> bytes.putInt((int) within(type, value, 0, 0xffff_ffffL));
      case INT64, UINT64 -> bytes.putLong(value);
      default -> throw notWhole(type);
    }
  }

  private static long within(Datatype type, long value, long low, long high) {
    if (value < low || value > high) {
      throw OipException.invalid(
          "tensor data", "numbers of " + type, "one beyond", "use a wider datatype");
    }
    return value;
  }

  private static IllegalArgumentException notWhole(Datatype type) {
    return new IllegalArgumentException("wanted a datatype of whole numbers, found " + type);
  }
}
