package dev.plumbline.torch.checkpoint;

/** Llama 2, Llama 3 and what is built like them, such as SmolLM2. */
final class Llama implements Architecture {
  @Override
  public String name() {
    return "llama";
  }

  @Override
  public Traits traits(HfValues config) {
    boolean bias = config.flag("attention_bias", false);
    return new Traits(bias, bias, false, config.hiddenPerHead());
  }

  @Override
  public boolean ggufPermutesQueryAndKey() {
    return true;
  }
}
