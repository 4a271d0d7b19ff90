package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.GgufMetadata;

/**
 * Reads rope scaling from GGUF: a type and factor in the metadata, or divisors in the tensor {@code
 * rope_freqs.weight}.
 */
final class GgufRope {
  private static final String FACTORS = "rope_freqs.weight";
  private static final int MOST_PAIRS = 4096;

  private GgufRope() {}

  static RopeScaling scaling(Gguf file, String prefix) {
    GgufMetadata metadata = file.metadata();
    String key = prefix + "rope.scaling.type";
    String type = metadata.text(key).orElse("none");
    if (type.equals("linear")) {
      String factor = prefix + "rope.scaling.factor";
      return new RopeScaling.Linear(
          metadata.number(factor).orElseThrow(() -> metadata.missing(factor, "a number")));
    }
    if (!type.equals("none")) {
      throw metadata.bad(key, "none or linear", type);
    }
    return file.has(FACTORS) ? factors(file) : new RopeScaling.None();
  }

  private static RopeScaling factors(Gguf file) {
    long pairs = file.info(FACTORS).elements();
    if (pairs > MOST_PAIRS) {
      throw file.metadata()
          .bad(FACTORS, "at most " + MOST_PAIRS + " divisors", Long.toString(pairs));
    }
    return new RopeScaling.Factors(file.read(FACTORS));
  }
}
