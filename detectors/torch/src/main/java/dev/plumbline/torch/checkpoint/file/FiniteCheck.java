package dev.plumbline.torch.checkpoint.file;

/**
 * Refuses weights that are not numbers: one NaN in a matrix makes every later hidden state NaN, far
 * from its cause.
 */
public final class FiniteCheck {
  private static final int EXPONENT = 0x7f800000;

  private FiniteCheck() {}

  /**
   * Passes if all of {@code values[at .. at + count)} are finite.
   *
   * @param firstElement the index in the tensor of {@code values[at]}, for the message
   * @throws BadFileException naming the tensor and the first element that is NaN or infinite
   */
  public static void require(
      TensorInfo info, long firstElement, float[] values, int at, int count) {
    int largest = 0;
    for (int i = at; i < at + count; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & EXPONENT);
    }
    if (largest == EXPONENT) {
      refuse(info, firstElement, values, at, count);
    }
  }

  private static void refuse(
      TensorInfo info, long firstElement, float[] values, int at, int count) {
    int i = at;
    while (i < at + count - 1 && Float.isFinite(values[i])) {
      i++;
    }
    throw new BadFileException(
        info.file(),
        "tensor " + info.name() + " element " + (firstElement + i - at),
        "a finite number",
        Float.toString(values[i]),
        "The weights are damaged or training diverged: use another copy.");
  }
}
