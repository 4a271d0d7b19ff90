package dev.plumbline.learn.compare;

import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import java.util.function.BiConsumer;

/** What is put on a model while texts are read. */
@FunctionalInterface
public interface Applied {
  /** Nothing: the bare model. */
  Applied NOTHING = (decoder, rows, use) -> use.accept(null, null);

  /**
   * Calls {@code use} once with what the rows of a batch go under, either null for none, and frees
   * it.
   */
  void to(Decoder decoder, int rows, BiConsumer<Edits, AdapterBank.Worn> use);
}
