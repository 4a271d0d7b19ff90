package dev.plumbline.learn.dynamics;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.text.TextTokenizer;
import java.nio.file.Path;

/** One model of a series in memory: decoder and tokenizer; needs no chat template. One thread. */
final class OpenCheckpoint implements AutoCloseable {
  private final Decoder decoder;
  private final TextTokenizer tokenizer;

  private OpenCheckpoint(Decoder decoder, TextTokenizer tokenizer) {
    this.decoder = decoder;
    this.tokenizer = tokenizer;
  }

  /** Loads it; weights in bfloat16 are read as float32 where that is the precision. */
  static OpenCheckpoint open(Path path, Precision precision, Device device) {
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      Decoder decoder = DecoderLoader.load(checkpoint, precision, device);
      try {
        return new OpenCheckpoint(decoder, checkpoint.tokenizer());
      } catch (RuntimeException e) {
        decoder.close();
        throw e;
      }
    }
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
