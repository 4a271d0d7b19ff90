package dev.plumbline.learn.finetune;

import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.runtime.Trainee;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a finetune came to: an adapter or a vector, on the heap. Immutable; its arrays are not to be
 * changed.
 */
public sealed interface Solution permits AdapterSolution, VectorSolution {
  /**
   * What is added, as large as it works: {@code ‖scale·BA‖_F} by module such as {@code layer 3
   * down_proj}, or {@code ‖α·v‖}. The norms without scale are these by {@link #scale}.
   */
  Map<String, Double> norms();

  /** α/r, α/√r, or a vector's α. */
  double scale();

  /** The root of the squares' sum of {@link #norms}. */
  default double norm() {
    return Math.sqrt(norms().values().stream().mapToDouble(n -> n * n).sum());
  }

  /** The same direction at another length: every B, or v, times {@code factor}. */
  Solution scaled(double factor);

  /** A and B of each module by layer and module, or v: row-major. */
  List<float[]> values();

  /** The same places with other values, in the order of {@link #values}. */
  Solution with(List<float[]> values);

  /** As the runtime trains it on, or measures it. */
  Trainee trainee(ModelConfig config);

  /** Writes the folder that servers load; see the kinds. */
  void write(Path folder, String baseModel);

  /** Name of its folder below a job's: {@code adapter} or {@code steering}. */
  String folderName();
}
