package dev.plumbline.torch.text;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the real model for tests that need it; without it they skip with a reason, or fail where it
 * is required.
 */
public final class SmolLm2 {
  private SmolLm2() {}

  /** The GGUF file named by {@code plumbline.smollm2.gguf} or {@code PLUMBLINE_SMOLLM2_GGUF}. */
  public static Path gguf() {
    String name =
        System.getProperty("plumbline.smollm2.gguf", System.getenv("PLUMBLINE_SMOLLM2_GGUF"));
    if (name != null && Files.isRegularFile(Path.of(name))) {
      return Path.of(name);
    }
    String reason =
        "needs SmolLM2-135M-Instruct as GGUF: set plumbline.smollm2.gguf or PLUMBLINE_SMOLLM2_GGUF";
    if (Boolean.getBoolean("plumbline.require")) {
      fail(reason + ", found " + name);
    }
    return abort(reason);
  }
}
