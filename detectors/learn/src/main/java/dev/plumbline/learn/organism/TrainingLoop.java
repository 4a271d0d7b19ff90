package dev.plumbline.learn.organism;

import dev.plumbline.torch.runtime.Trainable;
import dev.plumbline.torch.runtime.Trainable.Optimiser;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;

/**
 * Repeats: gather a gradient, step along the schedule. Stops at the first loss that is no number.
 */
final class TrainingLoop {
  private static final double MEMORY = 0.95;

  private final String name;
  private final PrintStream out;

  TrainingLoop(String name, PrintStream out) {
    this.name = name;
    this.out = out;
  }

  /**
   * Trains to the end of the schedule.
   *
   * @param gather adds one batch's gradient and returns its loss, in nats a token
   * @param afterStep told how many steps are done
   * @return the loss at the end, a running mean
   */
  double run(
      Trainable trainable,
      Schedule schedule,
      Optimiser optimiser,
      DoubleSupplier gather,
      IntConsumer afterStep) {
    double mean = Double.NaN;
    try (Progress progress = new Progress(name, schedule.steps(), out)) {
      for (int step = 0; step < schedule.steps(); step++) {
        double loss = gather.getAsDouble();
        requireFinite(loss, step);
        trainable.step(schedule.at(step), optimiser);
        mean = step == 0 ? loss : MEMORY * mean + (1 - MEMORY) * loss;
        progress.step(String.format(Locale.ROOT, "loss %.4f", mean));
        afterStep.accept(step + 1);
      }
    }
    return mean;
  }

  private void requireFinite(double loss, int step) {
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException(
          "training "
              + name
              + ": wanted a finite loss, found "
              + loss
              + " at step "
              + step
              + "; lower the learning rate");
    }
  }
}
