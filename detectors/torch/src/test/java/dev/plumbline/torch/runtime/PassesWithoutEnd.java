package dev.plumbline.torch.runtime;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.Arrays;

/** A program that reads one batch again and again, a second or more a pass, until told to end. */
final class PassesWithoutEnd {
  private static final int ROWS = 64;
  private static final int COLUMNS = 64;

  private PassesWithoutEnd() {}

  /** Given the folder of a model with a vocabulary of 100 or more. */
  public static void main(String[] args) {
    long[][] tokens = new long[ROWS][];
    Arrays.setAll(tokens, row -> TinyModel.tokens(COLUMNS, 100, row));
    try (Checkpoint checkpoint = Checkpoint.open(Path.of(args[0]));
        Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu())) {
      decoder.freeze();
      while (true) {
        decoder.forward(tokens, null, null, null, null, Decoder.Logits.NONE).close();
        System.out.println("read " + ROWS);
      }
    }
  }
}
