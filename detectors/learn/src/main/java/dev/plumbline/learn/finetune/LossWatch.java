package dev.plumbline.learn.finetune;

import java.util.Optional;

/**
 * Watches the loss of every step: makes the points of the curve, ends a training that has learned
 * its data, fails one that falls apart. One thread.
 */
final class LossWatch {
  /** Share of the past in the running mean. */
  private static final double PAST = 0.95;

  /** Steps before the mean says anything. */
  private static final int FEWEST = 3;

  /** Below so many nats a factor of the mean is noise. */
  private static final double FLOOR = 0.1;

  private final Guards guards;
  private final int logEvery;
  private LossMemory memory;

  LossWatch(Guards guards, int logEvery, LossMemory memory) {
    this.guards = guards;
    this.logEvery = logEvery;
    this.memory = memory;
  }

  LossMemory memory() {
    return memory;
  }

  /**
   * Refuses a step's numbers before they are learned from.
   *
   * @throws DivergedException if one is not finite, or the loss is far above its running mean
   */
  void require(int step, double loss, double divergence) {
    double mean = Math.max(memory.mean(), FLOOR);
    if (!Double.isFinite(loss) || !Double.isFinite(divergence)) {
      throw new DivergedException(
          step, "a finite loss and divergence", loss + " and " + divergence);
    }
    if (memory.seen() >= FEWEST && loss > guards.divergenceFactor() * mean) {
      throw new DivergedException(
          step,
          "a loss of at most " + guards.divergenceFactor() + " times its running mean " + mean,
          Double.toString(loss));
    }
  }

  /**
   * Counts a step that was learned from; a point of the curve where one is due.
   *
   * @param point the step's own numbers
   * @param last whether it is the training's last, whose point is due in any case
   */
  Optional<Logged> learned(Logged point, boolean last) {
    double loss = point.loss();
    LossMemory m = memory;
    double mean = m.seen() == 0 ? loss : PAST * m.mean() + (1 - PAST) * loss;
    int pending = m.pending() + 1;
    double losses = m.loss() + loss;
    double divergences = m.divergence() + point.divergence();
    if (pending < logEvery && !last) {
      memory = new LossMemory(mean, m.seen() + 1, m.low(), pending, losses, divergences);
      return Optional.empty();
    }
    boolean low = losses / pending < guards.earlyLoss();
    memory = new LossMemory(mean, m.seen() + 1, low ? m.low() + 1 : 0, 0, 0, 0);
    return Optional.of(
        new Logged(
            point.step(), losses / pending, divergences / pending, point.rate(), point.gradient()));
  }

  /** Whether the loss was low for long enough. */
  boolean early() {
    return guards.earlyLoss() > 0 && memory.low() > guards.earlyPoints();
  }
}
