package dev.plumbline.torch.checkpoint;

/** Reads {@code rope_scaling}, or {@code rope_parameters} as newer configurations call it. */
final class HfRope {
  private HfRope() {}

  static RopeScaling scaling(HfValues config) {
    String key = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
    if (!config.has(key)) {
      return new RopeScaling.None();
    }
    HfValues rope = config.object(key);
    String type = rope.text("rope_type", rope.text("type", "default"));
    return switch (type) {
      case "default" -> new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(rope.number("factor"));
      case "llama3" ->
          new RopeScaling.Llama3(
              rope.number("factor"),
              rope.number("low_freq_factor"),
              rope.number("high_freq_factor"),
              rope.number("original_max_position_embeddings"));
      default -> throw rope.bad("rope_type", "default, linear or llama3", type);
    };
  }
}
