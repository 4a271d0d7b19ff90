package dev.plumbline.agent.embedded;

import dev.plumbline.torch.serve.FaultyEngines;
import java.util.function.IntBinaryOperator;

/** The engines of the command on a device that a test makes fail. */
public final class FaultyReader {
  private FaultyReader() {}

  /**
   * @param before told rows and columns of each read pass; a throw fails it
   */
  public static Engines engines(IntBinaryOperator before) {
    return new TorchEngines(
        (decoder, readouts, limits) -> FaultyEngines.open(decoder, readouts, limits, before));
  }
}
