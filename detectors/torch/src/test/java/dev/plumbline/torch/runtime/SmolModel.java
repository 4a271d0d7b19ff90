package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * SmolLM2-135M-Instruct for tests: the GGUF that {@code smollm2/fetch.sh} fetches. Tests that need
 * it skip with a reason where it is not named, and fail where {@code -Dplumbline.require=true}.
 */
public final class SmolModel {
  private SmolModel() {}

  /** The file that {@code plumbline.smollm2.gguf} or {@code PLUMBLINE_SMOLLM2_GGUF} names. */
  public static Path path() {
    String property = System.getProperty("plumbline.smollm2.gguf");
    String named = property == null ? System.getenv("PLUMBLINE_SMOLLM2_GGUF") : property;
    if (named != null && Files.isRegularFile(Path.of(named))) {
      return Path.of(named);
    }
    String reason =
        "SmolLM2: wanted its GGUF in the system property plumbline.smollm2.gguf or in"
            + " PLUMBLINE_SMOLLM2_GGUF, found "
            + named
            + "; run detectors/torch/src/test/resources/smollm2/fetch.sh FOLDER and name the path it"
            + " prints";
    if (Boolean.getBoolean("plumbline.require")) {
      fail(reason);
    }
    return abort(reason);
  }

  /** The model on the CPU with room for 1,024 tokens; closed by the caller. */
  public static Decoder decoder(Precision precision) {
    try (Checkpoint checkpoint = Checkpoint.open(path())) {
      return DecoderLoader.load(checkpoint, precision, Device.cpu(), 1024);
    }
  }
}
