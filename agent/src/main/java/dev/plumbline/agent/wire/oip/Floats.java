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
      case BF16 -> bytes.putShort(place, narrow(value, 7, 127));
      case FP16 -> bytes.putShort(place, narrow(value, 10, 15));
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

  /**
   * A 16-bit form of a sign, an exponent and a fraction, of a double at once: by way of a float it
   * would be rounded twice. Rounding adds half a unit to the double's own bits, so that a carry
   * lands in the exponent, and from the largest number in the infinity.
   *
   * @param fraction its bits
   * @param bias of the exponent, which is also the largest
   */
  private static short narrow(double value, int fraction, int bias) {
    long bits = Double.doubleToRawLongBits(value);
    int sign = (int) (bits >>> 48) & 0x8000;
    long magnitude = bits & Long.MAX_VALUE;
    int exponent = (int) (magnitude >>> 52) - 1023;
    if (exponent > bias) {
      int infinity = (2 * bias + 1) << fraction;
      return (short) (sign | infinity | (Double.isNaN(value) ? 1 << (fraction - 1) : 0));
    }
    if (exponent < 1 - bias) {
      return (short) (sign | (int) Math.rint(Math.scalb(Math.abs(value), fraction + bias - 1)));
    }
    int drop = 52 - fraction;
    long rounded = magnitude + (1L << (drop - 1)) - 1 + ((magnitude >>> drop) & 1);
    return (short) (sign | (int) ((rounded >>> drop) - ((long) (1023 - bias) << fraction)));
  }

  private static IllegalArgumentException notFloating(Datatype type) {
    return new IllegalArgumentException("wanted a floating-point datatype, found " + type);
  }
}
