package dev.plumbline.export.base;

/** The tensors outside the blocks. */
public final class Names {
  public static final String EMBEDDING = "model.embed_tokens.weight";
  public static final String HEAD = "lm_head.weight";
  static final String FINAL_NORM = "model.norm.weight";

  private Names() {}
}
