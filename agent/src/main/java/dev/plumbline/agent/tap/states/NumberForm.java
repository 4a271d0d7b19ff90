package dev.plumbline.agent.tap.states;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How an origin writes one number of a hidden state. Little-endian; widening is exact. */
public enum NumberForm {
  F32(4),
  F16(2),
  BF16(2);

  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private final int bytes;

  NumberForm(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** The form of a safetensors {@code dtype} or a PyTorch name such as {@code torch.bfloat16}. */
  public static Optional<NumberForm> of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "torch.float32", "float32" -> Optional.of(F32);
      case "torch.float16", "float16" -> Optional.of(F16);
      case "torch.bfloat16", "bfloat16" -> Optional.of(BF16);
      default -> Arrays.stream(values()).filter(form -> form.name().equals(name)).findFirst();
    };
  }

  /**
   * Widens a row.
   *
   * @param row {@code [D]} numbers; read, not kept
   * @param into {@code [D]}
   */
  void widen(byte[] row, float[] into) {
    switch (this) {
      case F32 -> {
        for (int i = 0; i < into.length; i++) {
          into[i] = (float) FLOATS.get(row, 4 * i);
        }
      }
      case F16 -> {
        for (int i = 0; i < into.length; i++) {
          into[i] = half((short) SHORTS.get(row, 2 * i) & 0xffff);
        }
      }
      case BF16 -> {
        for (int i = 0; i < into.length; i++) {
          into[i] = Float.intBitsToFloat((short) SHORTS.get(row, 2 * i) << 16);
        }
      }
    }
  }

  /**
   * IEEE binary16. Shifted by 13 the bits are a float whose exponent is 112 too low, subnormals
   * included; multiplying by 2^112 is exact.
   */
  private static float half(int bits) {
    int sign = (bits & 0x8000) << 16;
    int magnitude = (bits & 0x7fff) << 13;
    if ((bits & 0x7c00) == 0x7c00) {
      return Float.intBitsToFloat(sign | magnitude | 0x7f800000);
    }
    float widened = Float.intBitsToFloat(magnitude) * 0x1p112f;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(widened));
  }
}
