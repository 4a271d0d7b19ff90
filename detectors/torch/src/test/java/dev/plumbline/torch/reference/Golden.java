package dev.plumbline.torch.reference;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * The fixtures under {@code src/test/resources/reference}: what Hugging Face computed, in float64.
 */
public final class Golden {

  /** Every model folder with an {@code expected.safetensors}. */
  public static final List<String> MODELS =
      List.of(
          "llama_tied",
          "llama3_scaled",
          "llama_linear",
          "llama_bias_f16",
          "llama_tied_bf16",
          "mistral_window",
          "qwen2",
          "qwen2_window",
          "qwen3");

  /** Adapters for {@code llama_tied}, below {@code llama_lora}. */
  public static final List<String> ADAPTERS = List.of("rank2", "rslora");

  private Golden() {}

  public static Path folder(String name) {
    try {
      return Path.of(Golden.class.getResource("/reference/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Path adapter(String name) {
    return folder("llama_lora").resolve(name);
  }

  /**
   * {@code input_ids, direction, embed, resid_mid.l, resid_post.l, final_norm, logits,
   * ablated_logits}.
   */
  public static ReferenceTensors expected(Path folder) throws IOException {
    return ReferenceTensors.read(folder.resolve("expected.safetensors"));
  }

  /** Largest absolute difference over the largest absolute wanted value. */
  public static double distance(double[][] found, double[][] wanted) {
    double off = 0;
    double size = 0;
    for (int t = 0; t < wanted.length; t++) {
      for (int i = 0; i < wanted[t].length; i++) {
        off = Math.max(off, Math.abs(found[t][i] - wanted[t][i]));
        size = Math.max(size, Math.abs(wanted[t][i]));
      }
    }
    return off / size;
  }
}
