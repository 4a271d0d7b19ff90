package dev.plumbline.core.pooling;

/** The mean over all tokens so far: {@code μ_t = μ_{t−1} + (r_t − μ_{t−1})/t}. The default. */
public record RunningMean() implements Pooling {

  static final String NAME = "running_mean";

  @Override
  public Pool start() {
    return new Pool() {
      private long count;
      private double mean;

      @Override
      public double add(double readout) {
        count++;
        mean += (readout - mean) / count;
        return mean;
      }
    };
  }

  @Override
  public String wireName() {
    return NAME;
  }
}
