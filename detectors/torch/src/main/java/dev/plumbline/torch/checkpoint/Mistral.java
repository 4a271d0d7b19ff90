package dev.plumbline.torch.checkpoint;

/** Mistral: Llama without biases, with a sliding window in its first version. */
final class Mistral implements Architecture {
  @Override
  public String name() {
    return "mistral";
  }

  @Override
  public Traits traits(HfValues config) {
    return new Traits(false, false, false, config.hiddenPerHead());
  }

  @Override
  public boolean ggufPermutesQueryAndKey() {
    return true;
  }
}
