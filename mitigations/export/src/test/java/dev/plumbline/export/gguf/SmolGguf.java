package dev.plumbline.export.gguf;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;

/** SmolLM2-135M-Instruct for tests, as {@code smollm2/fetch.sh} of detectors/torch fetches it. */
final class SmolGguf {
  private SmolGguf() {}

  /** The file; skips with a reason where none is named, fails where all are required. */
  static Path path() {
    String property = System.getProperty("plumbline.smollm2.gguf");
    String named = property == null ? System.getenv("PLUMBLINE_SMOLLM2_GGUF") : property;
    if (named != null && Files.isRegularFile(Path.of(named))) {
      return Path.of(named);
    }
    String reason =
        "SmolLM2: wanted its GGUF in the system property plumbline.smollm2.gguf or in"
            + " PLUMBLINE_SMOLLM2_GGUF, found "
            + named
            + "; run detectors/torch/src/test/resources/smollm2/fetch.sh FOLDER";
    return Boolean.getBoolean("plumbline.require") ? fail(reason) : abort(reason);
  }
}
