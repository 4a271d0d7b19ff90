package dev.plumbline.torch.checkpoint;

/** Checks numbers that must be above zero. */
final class Positive {
  private Positive() {}

  /** Refuses what is not a finite number above zero. */
  static void require(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("wanted " + name + " above 0, found " + value);
    }
  }

  /** Refuses what is not from 1 to {@code most}. */
  static void require(String name, long value, long most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "wanted " + name + " from 1 to " + most + ", found " + value);
    }
  }
}
