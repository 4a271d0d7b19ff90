package dev.plumbline.export;

import java.io.IOException;
import java.nio.file.Path;

/** Tiny models with all that a command needs. */
public final class TinyModels {
  private TinyModels() {}

  /** A model folder with a tokenizer. */
  public static Path write(TinyBase kind, Path folder) throws IOException {
    kind.write(folder);
    TinyTokenizer.write(folder);
    return folder;
  }
}
