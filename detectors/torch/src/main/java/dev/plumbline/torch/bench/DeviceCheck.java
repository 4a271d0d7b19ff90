package dev.plumbline.torch.bench;

import ai.djl.Device;
import dev.plumbline.torch.runtime.DeviceProbe;
import dev.plumbline.torch.runtime.Precision;
import java.util.Random;

/** A matrix product of a device against the same in float64, and a copy through its memory. */
final class DeviceCheck {
  private static final int ROWS = 16;
  private static final int OUT = 64;
  private static final int WIDTH = 256;

  private DeviceCheck() {}

  /** ‖found − wanted‖ / ‖wanted‖ of {@code x Wᵀ} with seeded normal numbers. */
  static double relativeError(Device device, Precision precision) {
    float[] x = normal(ROWS * WIDTH, 1);
    float[] w = normal(OUT * WIDTH, 2);
    float[] found;
    try (DeviceProbe probe = new DeviceProbe(device)) {
      found = probe.product(precision, x, w, WIDTH);
    }
    double error = 0;
    double norm = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int out = 0; out < OUT; out++) {
        double wanted = dot(x, row * WIDTH, w, out * WIDTH);
        double off = found[row * OUT + out] - wanted;
        error += off * off;
        norm += wanted * wanted;
      }
    }
    return Math.sqrt(error / norm);
  }

  /** Bytes a second of a copy of 64 MiB. */
  static double bandwidth(Device device) {
    try (DeviceProbe probe = new DeviceProbe(device)) {
      return probe.copyBandwidth(64L << 20);
    }
  }

  private static double dot(float[] x, int at, float[] w, int from) {
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      sum += (double) x[at + i] * w[from + i];
    }
    return sum;
  }

  private static float[] normal(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
