package dev.plumbline.agent.wire.oip;

import java.nio.ByteBuffer;

/**
 * Floating-point elements in place. Reading widens exactly; writing rounds to nearest, ties to
 * even.
 */
public final class Floats {
  private Floats() {}

  /**
   * An element.
   *
   * @param bytes little-endian
   * @param at its index, from the buffer's position
   */
  public static double read(Datatype type, ByteBuffer bytes, int at) {
    int place = bytes.position() + at * type.bytes();
    return switch (type) {
      case FP64 -> bytes.getDouble(place);
      case FP32 -> bytes.getFloat(place);
      case BF16 -> Float.intBitsToFloat(bytes.getShort(place) << 16);
      case FP16 -> half(bytes.getShort(place));
      default -> throw notFloating(type);
    };
  }

  /** Writes an element; the same parameters. */
  public static void write(Datatype type, ByteBuffer bytes, int at, double value) {
    int place = bytes.position() + at * type.bytes();
    switch (type) {
      case FP64 -> bytes.putDouble(place, value);
      case FP32 -> bytes.putFloat(place, (float) value);
      case BF16 -> bytes.putShort(place, brain(value));
      case FP16 -> bytes.putShort(place, half(value));
      default -> throw notFloating(type);
    }
  }

  /**
   * IEEE binary16. Shifted by 13 the bits are a float whose exponent is 112 too low, subnormals
   * included; multiplying by 2^112 is exact.
   */
  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int magnitude = (bits & 0x7fff) << 13;
    if ((bits & 0x7c00) == 0x7c00) {
      return Float.intBitsToFloat(sign | magnitude | 0x7f800000);
    }
    float widened = Float.intBitsToFloat(magnitude) * 0x1p112f;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(widened));
  }

  /** Of a double at once: by way of a float it would be rounded twice. */
  private static short half(double value) {
    int sign = (int) (Double.doubleToRawLongBits(value) >>> 48) & 0x8000;
    double magnitude = Math.abs(value);
    if (Double.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 65520) {
      return (short) (sign | 0x7c00);
    }
    int exponent = Math.max(Math.getExponent(magnitude), -14);
    // In units of the last place, of which 1024 make the exponent's leading bit.
    long units = (long) Math.rint(Math.scalb(magnitude, 10 - exponent));
    return (short) (sign | (units + ((long) (exponent + 14) << 10)));
  }

  private static short brain(double value) {
    int sign = (int) (Double.doubleToRawLongBits(value) >>> 48) & 0x8000;
    double magnitude = Math.abs(value);
    if (Double.isNaN(value)) {
      return (short) (sign | 0x7fc0);
    }
    if (magnitude >= 0x1.ffp127) {
      return (short) (sign | 0x7f80);
    }
    int exponent = Math.max(Math.getExponent(magnitude), -126);
    long units = (long) Math.rint(Math.scalb(magnitude, 7 - exponent));
    return (short) (sign | (units + ((long) (exponent + 126) << 7)));
  }

  private static IllegalArgumentException notFloating(Datatype type) {
    return new IllegalArgumentException("wanted a floating-point datatype, found " + type);
  }
}
