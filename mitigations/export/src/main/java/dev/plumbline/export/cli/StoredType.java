package dev.plumbline.export.cli;

import dev.plumbline.core.Check;
import dev.plumbline.torch.checkpoint.file.TensorType;

/** Hugging Face's names of the types that are written. */
final class StoredType {
  private StoredType() {}

  static TensorType parse(String dtype) {
    return switch (dtype) {
      case "float32" -> TensorType.F32;
      case "bfloat16" -> TensorType.BF16;
      case "float16" -> TensorType.F16;
      default ->
          throw Check.refusal(
              "--dtype", "float32, bfloat16 or float16", "'" + dtype + "'", "name one of them");
    };
  }
}
