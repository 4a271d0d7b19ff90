package dev.plumbline.torch.checkpoint.file;

import java.nio.file.Path;

/**
 * A GGUF file, version 2 or 3, little endian: metadata, a table of tensors, then their bytes.
 *
 * <p>Shapes are given in row-major order, the reverse of the file's. Lengths, counts and offsets
 * are checked against the file before anything is allocated. Format: ggml's {@code docs/gguf.md}.
 */
public final class Gguf extends TensorFile {
  private final GgufMetadata metadata;

  private Gguf(MappedFile file, GgufHeader header) {
    super(file, header.tensors());
    this.metadata = header.metadata();
  }

  /**
   * Maps a file and reads its header.
   *
   * @throws BadFileException if it is not a sound GGUF file of the supported tensor types
   */
  public static Gguf open(Path file) {
    MappedFile mapped = MappedFile.open(file);
    return new Gguf(mapped, GgufHeader.read(mapped));
  }

  /** The key-value pairs: architecture, shape, tokenizer, chat template. */
  public GgufMetadata metadata() {
    return metadata;
  }
}
