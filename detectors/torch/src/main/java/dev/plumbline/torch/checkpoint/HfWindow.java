package dev.plumbline.torch.checkpoint;

import java.util.List;
import java.util.OptionalInt;

/**
 * Reads the sliding window: {@code sliding_window}, unless {@code use_sliding_window} is false (as
 * Qwen2 ships it) or {@code max_window_layers} says that no layer has it. A mixture of windowed and
 * full layers is refused.
 */
final class HfWindow {
  private HfWindow() {}

  static OptionalInt read(HfValues config) {
    if (!config.has("sliding_window") || !config.flag("use_sliding_window", !qwen(config))) {
      return OptionalInt.empty();
    }
    List<String> types = config.texts("layer_types");
    if (types.stream().distinct().count() > 1) {
      throw config.bad("layer_types", "one kind for all layers", types.toString());
    }
    if (types.contains("full_attention")) {
      return OptionalInt.empty();
    }
    int layers = config.integer("num_hidden_layers");
    int full = config.has("use_sliding_window") ? config.integer("max_window_layers", 0) : 0;
    if (full > 0 && full < layers && types.isEmpty()) {
      throw config.bad("max_window_layers", "0 or at least " + layers, Integer.toString(full));
    }
    return full >= layers ? OptionalInt.empty() : OptionalInt.of(config.integer("sliding_window"));
  }

  /** Qwen's window is off unless switched on; Mistral's has no switch. */
  private static boolean qwen(HfValues config) {
    return config.text("model_type", "").startsWith("qwen");
  }
}
