package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import java.util.Objects;

/**
 * The learning rate of every step: up in a straight line over the warm-up, then down.
 *
 * @param peak above 0
 * @param warmup steps until the peak, 0 for none
 */
public record LearningRate(double peak, int warmup, Decay decay) {
  public LearningRate {
    Check.positive(peak, "learning rate");
    Check.that(warmup >= 0, "warm-up", "0 steps or more", warmup, "correct it");
    Objects.requireNonNull(decay, "decay");
  }

  /** The rate of a step, from 0, of so many; never 0, so that no step is lost. */
  public double at(int step, int steps) {
    if (step < warmup) {
      return peak * (step + 1) / warmup;
    }
    return peak * decay.left((double) (step - warmup) / Math.max(1, steps - warmup));
  }
}
