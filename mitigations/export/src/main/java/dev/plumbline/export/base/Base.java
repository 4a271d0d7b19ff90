package dev.plumbline.export.base;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A base model's tensors under Hugging Face's names and in its row order, whatever file they lie
 * in. Nothing is read until it is asked for, piece by piece, quantised types dequantised on the
 * way. Not safe for several threads; closed by whoever opened it.
 */
public interface Base extends AutoCloseable {
  /** The folder or file. */
  Path path();

  /** Sizes and kind. */
  BaseShape shape();

  /** All tensors. */
  Set<String> names();

  /** A tensor's shape, row-major. */
  List<Long> shape(String name);

  /** How a tensor is stored. */
  TensorType type(String name);

  /**
   * Fills {@code into[0 .. count)} with elements from {@code fromElement} on.
   *
   * @throws BadFileException if one of them is NaN or infinite
   */
  void read(String name, long fromElement, float[] into, int count);

  @Override
  void close();

  /**
   * Opens a model folder of any kind that {@link Layout} knows, or a GGUF file of one that the
   * runtime knows.
   */
  static Base open(Path folderOrGguf) {
    return Files.isDirectory(folderOrGguf)
        ? FolderBase.open(folderOrGguf)
        : GgufBase.open(folderOrGguf);
  }
}
