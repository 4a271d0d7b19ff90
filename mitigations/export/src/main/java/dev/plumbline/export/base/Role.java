package dev.plumbline.export.base;

import dev.plumbline.core.residual.TapPoint;

/** What a tensor has to do with the residual stream. */
public sealed interface Role {
  /** Writes it first: a row a token, {@code [V,D]}. */
  record Embedding() implements Role {}

  /**
   * Adds to it: {@code [D,in]}.
   *
   * @param point right after which its sum is complete
   * @param module its name without {@code .weight}
   */
  record Writer(TapPoint point, String module) implements Role {}

  /**
   * Adds the same to every token: {@code [D]}. A LoRA adapter without biases cannot change it.
   *
   * @param point as of {@link Writer}
   */
  record WriterBias(TapPoint point) implements Role {}

  /**
   * Reads it through an RMS norm: {@code [out,D]}.
   *
   * @param point the state it reads, under its canonical name
   * @param module its name without {@code .weight}
   * @param norm the tensor that holds that norm's gain
   */
  record Reader(TapPoint point, String module, String norm) implements Role {}

  /** Reads it, but takes no adapter: a router, or the head. */
  record BareReader() implements Role {}

  /** Neither reads nor writes it: a norm's gain, a bias of a reader. */
  record Inner() implements Role {}
}
