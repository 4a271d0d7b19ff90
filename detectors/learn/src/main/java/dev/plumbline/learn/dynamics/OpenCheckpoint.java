package dev.plumbline.learn.dynamics;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.text.TextTokenizer;
import java.nio.file.Path;
import java.util.Optional;

/** One model of a series in memory: decoder and tokenizer; needs no chat template. One thread. */
final class OpenCheckpoint implements AutoCloseable {
  static final String ADAPTER = "adapter";

  private final Decoder decoder;
  private final TextTokenizer tokenizer;

  private OpenCheckpoint(Decoder decoder, TextTokenizer tokenizer) {
    this.decoder = decoder;
    this.tokenizer = tokenizer;
  }

  /** The model as it is. */
  static OpenCheckpoint open(Path path, Precision precision, Device device) {
    return open(path, Optional.empty(), precision, device);
  }

  /**
   * Loads it; weights in bfloat16 are read as float32 where that is the precision.
   *
   * @param adapter PEFT folder, which passes can wear as {@link #ADAPTER}
   */
  static OpenCheckpoint open(
      Path path, Optional<Path> adapter, Precision precision, Device device) {
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      Decoder decoder = DecoderLoader.load(checkpoint, precision, device);
      try {
        adapter.ifPresent(folder -> add(decoder, folder, checkpoint.config()));
        return new OpenCheckpoint(decoder, checkpoint.tokenizer());
      } catch (RuntimeException e) {
        decoder.close();
        throw e;
      }
    }
  }

  private static void add(Decoder decoder, Path folder, ModelConfig config) {
    decoder.adapters().add(ADAPTER, PeftAdapters.fuse(PeftAdapter.open(folder, config), config));
  }

  Decoder decoder() {
    return decoder;
  }

  TextTokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public void close() {
    decoder.close();
    tokenizer.close();
  }
}
