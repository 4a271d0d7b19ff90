package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What the N of {@code direction.N} means. No file says it, tools differ by one, and neighbouring
 * layers' directions are near enough to hide a mistake: the caller chooses, nothing is assumed.
 */
public enum LayerConvention {
  /**
   * {@code direction.N} belongs to the output of block N, 0-based: where llama.cpp's graph adds it.
   * N = 0 is block 0's output, which llama.cpp itself cannot reach.
   */
  OUTPUT_OF_N("output-of-n"),
  /**
   * {@code direction.N} was measured after N blocks, at Hugging Face's {@code hidden_states[N]}:
   * the output of block N−1, and the embedding for N = 0. So llama.cpp's own cvector-generator
   * names them, one beside where llama.cpp then adds them.
   */
  AFTER_N_BLOCKS("after-n-blocks");

  private final String wireName;

  LayerConvention(String wireName) {
    this.wireName = wireName;
  }

  /** Where {@code direction.n} belongs. */
  public TapPoint tapPoint(int n) {
    if (this == OUTPUT_OF_N) {
      return TapPoint.residPost(n);
    }
    return n == 0 ? TapPoint.EMBED : TapPoint.residPost(n - 1);
  }

  /** The N for the output of a block. */
  public int number(int layer) {
    return this == OUTPUT_OF_N ? layer : layer + 1;
  }

  /** For commands. */
  public String wireName() {
    return wireName;
  }

  /** The convention of that name. */
  public static LayerConvention parse(String name) {
    return Arrays.stream(values())
        .filter(each -> each.wireName.equals(name))
        .findFirst()
        .orElseThrow(() -> Check.refusal("layer convention", names(), name, "choose one"));
  }

  private static String names() {
    return Arrays.stream(values()).map(LayerConvention::wireName).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return wireName;
  }
}
