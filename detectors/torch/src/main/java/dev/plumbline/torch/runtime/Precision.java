package dev.plumbline.torch.runtime;

/**
 * The number format of weights and residual stream on the device.
 *
 * <p>DJL has no bfloat16 and kills the process when asked for one, so tensors are cast inside
 * TorchScript by {@link #scalarType} and held as opaque arrays.
 */
public enum Precision {
  FLOAT32(6, 4),
  FLOAT16(5, 2),
  BFLOAT16(15, 2);

  private final int scalarType;
  private final int bytes;

  Precision(int scalarType, int bytes) {
    this.scalarType = scalarType;
    this.bytes = bytes;
  }

  /** The number by which TorchScript knows the format (c10::ScalarType). */
  public int scalarType() {
    return scalarType;
  }

  /** Bytes a value takes. */
  public int bytes() {
    return bytes;
  }

  /** The lower-case name used in options, metrics and files. */
  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The precision of a wire name. */
  public static Precision parse(String name) {
    for (Precision precision : values()) {
      if (precision.wireName().equals(name)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "dtype: wanted float32, bfloat16 or float16, found '" + name + "'; correct the option");
  }
}
