package dev.plumbline.torch.serve;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.torch.runtime.Decoder;
import java.time.Duration;
import java.util.List;
import java.util.function.IntBinaryOperator;

/** Engines whose read passes a test makes fail; they try again soon. */
public final class FaultyEngines {
  private FaultyEngines() {}

  /**
   * @param before told rows and columns of each read pass; a throw fails it
   */
  public static Engine open(
      Decoder decoder, List<Readout> readouts, Engine.Limits limits, IntBinaryOperator before) {
    return new Engine(
        decoder,
        readouts,
        limits,
        new Breaker.Settings(3, Duration.ofMillis(50), Duration.ofMillis(200)),
        before::applyAsInt);
  }
}
