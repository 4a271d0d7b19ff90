package dev.plumbline.learn.organism;

/**
 * How long a training runs and how its learning rate goes: linear warm-up, then a half cosine down
 * to {@code floor} of the peak.
 *
 * @param batch texts a step
 * @param learningRate the peak
 * @param warmup steps until the peak
 * @param floor share of the peak that is left at the end
 */
public record Schedule(int steps, int batch, double learningRate, int warmup, double floor) {
  public Schedule {
    if (steps < 1
        || batch < 1
        || warmup < 1
        || !(learningRate > 0)
        || !(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException(
          "recipe, schedule: wanted steps, batch, warmup and learning-rate above 0 and floor in"
              + " [0,1], found "
              + ("steps " + steps + ", batch " + batch + ", warmup " + warmup)
              + (", learning-rate " + learningRate + ", floor " + floor)
              + "; correct the recipe");
    }
  }

  /** The learning rate of a step, from 0. */
  public double at(int step) {
    double rise = Math.min(1, (step + 1.0) / warmup);
    double fall = 0.5 * (1 + Math.cos(Math.PI * step / steps));
    return learningRate * rise * (fall * (1 - floor) + floor);
  }

  /** The same at a fraction of the length. */
  Schedule shortened(int divisor) {
    int fewer = Math.max(2, steps / divisor);
    return new Schedule(fewer, batch, learningRate, Math.min(warmup, fewer), floor);
  }
}
