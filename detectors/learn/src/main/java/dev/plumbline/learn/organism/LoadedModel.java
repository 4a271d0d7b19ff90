package dev.plumbline.learn.organism;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.Precision;
import java.nio.file.Path;

/** A model folder in memory, in float32 on the CPU. Closed by its maker. */
record LoadedModel(ModelConfig config, Decoder decoder) implements AutoCloseable {
  static LoadedModel open(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return new LoadedModel(
          checkpoint.config(), DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu()));
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
