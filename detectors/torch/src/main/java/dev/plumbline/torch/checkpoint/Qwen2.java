package dev.plumbline.torch.checkpoint;

/** Qwen2 and Qwen2.5: biases on q, k and v, always. */
final class Qwen2 implements Architecture {
  @Override
  public String name() {
    return "qwen2";
  }

  @Override
  public Traits traits(HfValues config) {
    return new Traits(true, false, false, config.hiddenPerHead());
  }
}
