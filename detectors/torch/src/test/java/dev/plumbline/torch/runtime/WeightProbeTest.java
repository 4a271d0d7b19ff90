package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A roofline that did no work would make every figure look bad, or one that did too much, good. */
class WeightProbeTest {
  @Test
  void bytes_ofAModel_areItsMatrices(@TempDir Path folder) throws IOException {
    RandomCheckpoint.write(folder, 2, 128, 192, 100);
    long layer = 128 * 128 + 2 * 64 * 128 + 128 * 128 + 3 * 192 * 128;
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Decoder decoder = DecoderLoader.load(checkpoint, Precision.BFLOAT16, Device.cpu());
        WeightProbe probe = decoder.probe()) {
      assertThat(probe.layerValues()).isEqualTo(layer);
      assertThat(probe.headValues()).isEqualTo(12800);
      assertThat(probe.bytes()).isEqualTo(2 * (2 * layer + 12800));
      assertThat(probe.sweep()).isPositive();
    }
  }

  /** The compiler drops products whose results nobody uses: then more layers would cost nothing. */
  @Test
  void products_ofManyLayers_takeLongerThanOfOne(@TempDir Path folder) throws IOException {
    RandomCheckpoint.write(folder, 8, 256, 512, 100);
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
        WeightProbe probe = decoder.probe()) {
      double one = Double.MAX_VALUE;
      double all = Double.MAX_VALUE;
      for (int i = 0; i < 7; i++) {
        one = Math.min(one, probe.products(256, 1, false));
        all = Math.min(all, probe.products(256, 8, false));
      }
      assertThat(all).isGreaterThan(3 * one);
    }
  }
}
