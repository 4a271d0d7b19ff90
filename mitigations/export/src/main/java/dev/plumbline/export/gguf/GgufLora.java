package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.export.RankOne;
import dev.plumbline.torch.checkpoint.file.GgufWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a LoRA adapter as llama.cpp loads it ({@code --lora}): {@code general.type = adapter},
 * {@code adapter.type = lora}, and {@code NAME.lora_a}, {@code NAME.lora_b} for each changed
 * tensor.
 *
 * <p>llama.cpp refuses an adapter of another architecture and any name its base does not have, and
 * multiplies {@code B·A} with {@code scale·α/r}.
 */
public final class GgufLora {
  private GgufLora() {}

  /**
   * Writes rank-1 changes.
   *
   * @param architecture the base's {@code general.architecture}
   * @param alpha {@code adapter.lora.alpha}, above 0: llama.cpp takes 0 for "do not scale"
   * @throws java.io.UncheckedIOException if writing fails; what was there is then as it was
   */
  public static void write(Path out, String architecture, float alpha, List<RankOne> changes) {
    writePairs(out, architecture, alpha, changes.stream().map(LoraPair::of).toList());
  }

  /** The same for changes of one rank r and of experts. */
  public static void writePairs(Path out, String architecture, float alpha, List<LoraPair> pairs) {
    Check.text(architecture, "architecture of an adapter");
    Check.positive(alpha, "alpha of an adapter");
    long ranks = pairs.stream().mapToLong(LoraPair::rank).distinct().count();
    Check.that(
        ranks == 1, "adapter " + out, "changes of one rank", ranks + " ranks", "write them apart");
    GgufWriter writer =
        new GgufWriter()
            .text("general.type", "adapter")
            .text("general.architecture", architecture)
            .text("adapter.type", "lora")
            .f32("adapter.lora.alpha", alpha);
    for (LoraPair pair : pairs) {
      writer.tensor(pair.tensor() + ".lora_a", TensorType.F32, pair.shapeA(), pair::a);
      writer.tensor(pair.tensor() + ".lora_b", TensorType.F32, pair.shapeB(), pair::b);
    }
    writer.write(out);
  }
}
