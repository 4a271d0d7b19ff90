package dev.plumbline.torch.checkpoint.file;

import java.nio.file.Path;
import java.util.Map;

/**
 * A safetensors file: an 8-byte header length, a JSON header, then the tensors' bytes.
 *
 * <p>Header length, shapes and offsets are checked against the file before anything is allocated;
 * overlapping tensors are refused, gaps between them are not. Format: {@code
 * https://github.com/huggingface/safetensors}.
 */
public final class Safetensors extends TensorFile {
  private final Map<String, String> metadata;

  private Safetensors(MappedFile file, SafetensorsHeader header) {
    super(file, header.tensors());
    this.metadata = Map.copyOf(header.metadata());
  }

  /**
   * Maps a file and reads its header.
   *
   * @throws BadFileException if it is not a sound safetensors file of the types {@code F32, F16,
   *     BF16, I32, I64}
   */
  public static Safetensors open(Path file) {
    MappedFile mapped = MappedFile.open(file);
    return new Safetensors(mapped, SafetensorsHeader.read(mapped));
  }

  /** The header's {@code __metadata__}, empty if there is none. */
  public Map<String, String> metadata() {
    return metadata;
  }
}
