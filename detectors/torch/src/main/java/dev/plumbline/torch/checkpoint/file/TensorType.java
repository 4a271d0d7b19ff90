package dev.plumbline.torch.checkpoint.file;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a tensor's numbers are stored: plain, or in blocks that share scales (ggml's quantisations).
 *
 * <p>A block is {@link #blockSize()} consecutive elements of one row in {@link #blockBytes()}
 * bytes; plain types have blocks of one element. The codes are those of GGUF's {@code ggml_type};
 * safetensors knows the plain ones by their name.
 */
public enum TensorType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  I32(26, 1, 4),
  I64(27, 1, 8),
  BF16(30, 1, 2);

  private final int ggmlCode;
  private final int blockSize;
  private final int blockBytes;

  TensorType(int ggmlCode, int blockSize, int blockBytes) {
    this.ggmlCode = ggmlCode;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /** Elements that are stored together, 1 for plain types. */
  public int blockSize() {
    return blockSize;
  }

  /** Bytes that one block takes. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Whether the elements are token ids or the like rather than weights. */
  public boolean isInteger() {
    return this == I32 || this == I64;
  }

  /** Whether the elements share scales in blocks. */
  public boolean isQuantised() {
    return blockSize > 1;
  }

  /**
   * Bytes that {@code elements} take.
   *
   * @throws ArithmeticException if that is more than a {@code long} holds
   * @throws IllegalArgumentException if the elements do not fill whole blocks
   */
  public long bytes(long elements) {
    if (elements % blockSize != 0) {
      throw new IllegalArgumentException(
          "wanted a multiple of " + blockSize + " elements for " + this + ", found " + elements);
    }
    return Math.multiplyExact(elements / blockSize, (long) blockBytes);
  }

  /** What GGUF writes for it. */
  int ggmlCode() {
    return ggmlCode;
  }

  /** The type that GGUF writes as {@code code}. */
  public static Optional<TensorType> ofGgml(int code) {
    return Arrays.stream(values()).filter(t -> t.ggmlCode == code).findFirst();
  }

  /** The type that safetensors writes as {@code name}. */
  public static Optional<TensorType> ofSafetensors(String name) {
    return Arrays.stream(values())
        .filter(t -> !t.isQuantised() && t.name().equals(name))
        .findFirst();
  }

  /** The names of all types, for messages. */
  static String all() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  /** The names of the plain types, for messages. */
  static String plain() {
    return Arrays.stream(values())
        .filter(t -> !t.isQuantised())
        .map(Enum::name)
        .collect(Collectors.joining(", "));
  }
}
