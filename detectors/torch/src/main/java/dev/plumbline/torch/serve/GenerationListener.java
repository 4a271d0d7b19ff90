package dev.plumbline.torch.serve;

import dev.plumbline.mitigations.Receipt;

/**
 * Who follows an answer. Called on the engine's thread, in order; must hand over and return.
 *
 * <p>A token's readouts come one step after the token: they are taken when it goes through the
 * forward pass. The last sampled token never does, so it has none.
 */
public interface GenerationListener {
  /** The prompt is read; the answer begins. */
  default void started() {}

  /**
   * An answer token was drawn.
   *
   * @return false to end the answer after it
   */
  boolean token(long id);

  /**
   * The readouts of the last prompt token; after {@link #started}, before anything else. Only where
   * the engine reads anything out.
   *
   * @param serving as in {@link #readouts}
   * @param reference as there
   */
  default void prompted(double[] serving, double[] reference) {}

  /**
   * The readouts of the next answer token that had none yet.
   *
   * @param serving of the states that serve, {@code [K]}
   * @param reference of the bare base's states on the same tokens, {@code [K]}; the same array
   *     where no reference row rides along
   */
  void readouts(double[] serving, double[] reference);

  /** The end; nothing comes after it. */
  void ended(Ending ending, Receipt receipt);

  /** The engine failed this answer; nothing comes after it. */
  void failed(RuntimeException cause);

  /** Why an answer ended. */
  enum Ending {
    STOP,
    LENGTH,
    CANCELLED
  }
}
