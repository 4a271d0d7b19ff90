package dev.plumbline.export.gguf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The model an adapter is made for, seen as llama.cpp sees it whatever it is read from: a GGUF file
 * or a Hugging Face folder whose conversion llama.cpp will load. Weights are streamed, quantised
 * ones dequantised as they pass.
 */
sealed interface LlamaCppBase extends AutoCloseable permits LlamaCppFile, LlamaCppFolder {
  /**
   * Opens a folder or a GGUF file.
   *
   * @throws dev.plumbline.torch.checkpoint.file.BadFileException if it is unsound
   */
  static LlamaCppBase open(Path folderOrGguf) {
    return Files.isDirectory(folderOrGguf)
        ? new LlamaCppFolder(folderOrGguf)
        : new LlamaCppFile(folderOrGguf);
  }

  /** {@code general.architecture}. */
  String architecture();

  /** L. */
  int layers();

  /** D. */
  int hidden();

  /** All tensors' names. */
  Set<String> names();

  /** The tensor of that name, if there is one. */
  Optional<BaseMatrix> find(String name);

  /** Whether the head is the embedding: the file has no {@code output.weight}. */
  default boolean tiedHead() {
    return !names().contains("output.weight");
  }

  /** Whether its norms divide by the root of the mean square and subtract nothing. */
  boolean rmsNormed();

  @Override
  void close();
}
