package dev.plumbline.torch.checkpoint.file;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A GGUF file, version 2 or 3, little endian: metadata, a table of tensors, then their bytes.
 *
 * <p>Shapes are given in row-major order, the reverse of the file's. Lengths, counts and offsets
 * are checked against the file before anything is allocated. Format: ggml's {@code docs/gguf.md}.
 */
public final class Gguf extends TensorFile {
  private final GgufMetadata metadata;
  private final MappedFile file;
  private final GgufHeader header;

  private Gguf(MappedFile file, GgufHeader header) {
    super(file, header.tensors());
    this.metadata = header.metadata();
    this.file = file;
    this.header = header;
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

  /** The format's version, 2 or 3; both are laid out alike. */
  public int version() {
    return header.version();
  }

  /** What offsets are multiples of: 32 unless {@code general.alignment} says otherwise. */
  public int alignment() {
    return header.alignmentBytes();
  }

  /**
   * A value as the file has it, its 4-byte type code first, a copy: the only form that keeps what
   * kind of number it was written as.
   *
   * @throws BadFileException if there is no such key
   */
  public byte[] encoded(String key) {
    GgufHeader.Span span = header.spans().get(key);
    if (span == null) {
      throw metadata.missing(key, "a value");
    }
    byte[] bytes = new byte[Math.toIntExact(span.to() - span.from())];
    file.slice(span.from(), bytes.length).get(bytes);
    return bytes;
  }

  /** After the tensor table. */
  long headerEnd() {
    return header.end();
  }

  /** Where the tensors' bytes begin. */
  long start() {
    return header.start();
  }

  /** A window on any bytes of the file. */
  ByteBuffer bytes(long from, int length) {
    return file.slice(from, length);
  }

  /** Bytes of the whole file. */
  long size() {
    return file.size();
  }
}
