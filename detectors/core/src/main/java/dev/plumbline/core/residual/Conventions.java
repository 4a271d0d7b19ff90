package dev.plumbline.core.residual;

import dev.plumbline.core.Check;

/**
 * The names other engines give to a tap point.
 *
 * <p>Off-by-one is the usual fault here: Hugging Face {@code hidden_states[l+1]} is the output of
 * 0-based layer l, except the last entry, which is taken after the final norm; vLLM's auxiliary id
 * l+1 is the output of layer l for every layer, before the final norm; llama.cpp applies {@code
 * direction.l} at the output of layer l, while its own generator writes what it measured there as
 * {@code direction.(l+1)}. These methods speak of where a thing is <em>applied or read</em>.
 */
public final class Conventions {

  private Conventions() {}

  /** The index into Hugging Face's {@code output_hidden_states} of a tap point, if it has one. */
  public static int hiddenStatesIndex(TapPoint point, int layers) {
    TapPoint at = point.canonical(layers);
    if (at.equals(TapPoint.EMBED)) {
      return 0;
    }
    if (at.equals(TapPoint.FINAL_NORM)) {
      return layers;
    }
    if (at.site() == Site.RESID_POST && at.layer() < layers - 1) {
      return at.layer() + 1;
    }
    throw absent(
        "Hugging Face hidden_states",
        point,
        "embed, resid_post below the last layer or final_norm");
  }

  /** The tap point of Hugging Face {@code hidden_states[index]}. */
  public static TapPoint fromHiddenStatesIndex(int index, int layers) {
    requireIndex("Hugging Face hidden_states index", index, layers);
    return index == layers && index > 0 ? TapPoint.FINAL_NORM : afterLayers(index);
  }

  /** vLLM's auxiliary layer id (EAGLE-3 and {@code extract_hidden_states}) of a tap point. */
  public static int vllmAuxiliaryId(TapPoint point, int layers) {
    TapPoint at = point.canonical(layers);
    if (at.equals(TapPoint.EMBED)) {
      return 0;
    }
    if (at.site() == Site.RESID_POST) {
      return at.layer() + 1;
    }
    throw absent("vLLM auxiliary layer id", point, "embed or resid_post");
  }

  /** The tap point of a vLLM auxiliary layer id, 0 to L. */
  public static TapPoint fromVllmAuxiliaryId(int id, int layers) {
    requireIndex("vLLM auxiliary layer id", id, layers);
    return afterLayers(id);
  }

  /** The llama.cpp graph tensor that holds a layer's output: {@code l_out-l}. */
  public static String llamaCppTensor(TapPoint point, int layers) {
    return "l_out-" + residPostLayer("llama.cpp l_out", point, layers);
  }

  /**
   * The tensor of a control-vector GGUF that llama.cpp <em>adds</em> at a tap point: {@code
   * direction.l}. The loader refuses layer 0.
   */
  public static String controlVectorTensor(TapPoint point, int layers) {
    int layer = residPostLayer("llama.cpp control vector", point, layers);
    if (layer == 0) {
      throw absent(
          "llama.cpp control vector", point, "a layer of 1 or above (its loader refuses 0)");
    }
    return "direction." + layer;
  }

  private static int residPostLayer(String what, TapPoint point, int layers) {
    TapPoint at = point.canonical(layers);
    if (at.site() != Site.RESID_POST) {
      throw absent(what, point, "resid_post");
    }
    return at.layer();
  }

  private static TapPoint afterLayers(int count) {
    return count == 0 ? TapPoint.EMBED : TapPoint.residPost(count - 1);
  }

  private static void requireIndex(String where, int index, int layers) {
    Check.that(index >= 0 && index <= layers, where, "0 to " + layers, index, "correct the index");
  }

  private static IllegalArgumentException absent(String what, TapPoint point, String wanted) {
    return Check.refusal(what, wanted, point, "choose another tap point or another tap");
  }
}
