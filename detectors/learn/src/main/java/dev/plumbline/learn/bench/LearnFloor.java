package dev.plumbline.learn.bench;

import ai.djl.Device;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DeviceProbe;
import dev.plumbline.torch.runtime.WeightProbe;

/**
 * What a task takes at least on this machine: its operations over the rate that plain matrix
 * products reach, or its bytes over the bandwidth of a copy, whichever is more (Williams, Waterman
 * and Patterson 2009). Measured in the same run.
 */
final class LearnFloor {
  private static final int ROWS = 1024;
  private static final int SQUARE = 1536;
  private static final int REPEATS = 3;

  private LearnFloor() {}

  /** Seconds of the layers' products over so many tokens; attention and the rest not counted. */
  static double reading(Decoder decoder, long tokens) {
    try (WeightProbe probe = decoder.probe()) {
      int layers = Math.min(4, decoder.shape().layers());
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < REPEATS; i++) {
        least = Math.min(least, probe.products(ROWS, layers, false));
      }
      return least / layers / ROWS * decoder.shape().layers() * tokens;
    }
  }

  /** Seconds of a covariance's products, each pair of components once, or of the states' bytes. */
  static double covariance(long states, int width) {
    try (DeviceProbe probe = new DeviceProbe(Device.cpu())) {
      double operations = (double) states * width * (width + 1.0);
      double bytes = 4.0 * states * width;
      return Math.max(
          operations / probe.doubleRate(SQUARE, REPEATS), bytes / probe.copyBandwidth(64L << 20));
    }
  }
}
