package dev.plumbline.torch.checkpoint.file;

/**
 * The two 16-bit floats: IEEE binary16 and bfloat16. Widening is exact, narrowing rounds to
 * nearest, ties to even.
 */
public final class Half {
  private static final float TWO_TO_112 = 0x1p112f;
  private static final int HALF_EXPONENT = 0x7c00;
  private static final int FLOAT_EXPONENT = 0x7f800000;

  private Half() {}

  /**
   * The value of the low 16 bits read as binary16.
   *
   * <p>Shifted by 13 the bits are a float whose exponent is 112 too low, subnormals included;
   * multiplying by 2^112 is exact.
   */
  public static float toFloat(int bits) {
    int sign = (bits & 0x8000) << 16;
    int magnitude = (bits & 0x7fff) << 13;
    if ((bits & HALF_EXPONENT) == HALF_EXPONENT) {
      return Float.intBitsToFloat(sign | magnitude | FLOAT_EXPONENT);
    }
    float widened = Float.intBitsToFloat(magnitude) * TWO_TO_112;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(widened));
  }

  /** The binary16 nearest to {@code value}, infinity beyond 65519.99. */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > FLOAT_EXPONENT) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x477ff000) {
      return (short) (sign | HALF_EXPONENT);
    }
    if (magnitude < 0x38800000) {
      // Subnormal: the sum's last place is 2^-24, so the addition itself rounds to a multiple of
      // it.
      float sum = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | Float.floatToRawIntBits(sum) - 0x3f000000);
    }
    int odd = magnitude >>> 13 & 1;
    return (short) (sign | magnitude - 0x38000000 + 0xfff + odd >>> 13);
  }

  /** The bfloat16 nearest to {@code value}. */
  public static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  /** The value of the low 16 bits read as bfloat16. */
  public static float ofBfloat16(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
