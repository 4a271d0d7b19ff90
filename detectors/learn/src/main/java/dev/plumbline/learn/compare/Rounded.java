package dev.plumbline.learn.compare;

import dev.plumbline.core.stats.Estimate;
import java.util.Locale;

/** Numbers in sentences. */
final class Rounded {
  private Rounded() {}

  static String of(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 0.01 ? "%.2g" : "%.3f", value);
  }

  static String of(Estimate estimate) {
    return of(estimate.value()) + " [" + of(estimate.low()) + ", " + of(estimate.high()) + "]";
  }
}
