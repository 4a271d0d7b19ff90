package dev.plumbline.agent.wire.oip;

import java.util.Arrays;
import java.util.Optional;

/** The protocol's element types, Triton's BF16 among them. */
public enum Datatype {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  BF16(2),
  FP32(4),
  FP64(8),
  /** Each element is a u32 length, little-endian, and as many bytes. */
  BYTES(0);

  private final int bytes;

  Datatype(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element; 0 for {@link #BYTES}, whose elements differ. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers. */
  public boolean floating() {
    return this == FP16 || this == BF16 || this == FP32 || this == FP64;
  }

  public static Optional<Datatype> find(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * @throws OipException when there is none of this name
   */
  public static Datatype of(String name, String where) {
    return find(name)
        .orElseThrow(
            () ->
                OipException.invalid(
                    where, "a datatype of " + Arrays.toString(values()), name, "correct it"));
  }
}
