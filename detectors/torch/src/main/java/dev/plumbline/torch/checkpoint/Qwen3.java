package dev.plumbline.torch.checkpoint;

/** Qwen3: queries and keys normed per head, a head width of its own. */
final class Qwen3 implements Architecture {
  private static final int HEAD_DIM = 128;

  @Override
  public String name() {
    return "qwen3";
  }

  @Override
  public Traits traits(HfValues config) {
    boolean bias = config.flag("attention_bias", false);
    return new Traits(bias, bias, true, HEAD_DIM);
  }
}
