package dev.plumbline.agent.scoring;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code model_shift} of each model, pooled over traffic: an exponential mean of the exchanges'
 * standardised projections, which one answer alone says little about. A gauge and no histogram: it
 * may be below 0, and a histogram's sum must not fall. As many as there are labels of models.
 * Thread-safe.
 */
final class ModelShifts {
  /** Of the newest exchange: a mean over about 50. */
  private static final double WEIGHT = 1.0 / 50;

  private final Meters meters;
  private final Map<String, Mean> means = new ConcurrentHashMap<>();

  ModelShifts(Meters meters) {
    this.meters = meters;
  }

  void add(String model, double z) {
    if (Double.isFinite(z)) {
      means.computeIfAbsent(model, this::begin).add(z);
      meters.count(Meter.MODEL_SHIFT_EXCHANGES, model);
    }
  }

  private Mean begin(String model) {
    Mean mean = new Mean();
    meters.amount(Meter.MODEL_SHIFT, mean::value, model);
    return mean;
  }

  /** Plain until there are enough, so that the first exchange does not count for all. */
  private static final class Mean {
    private double value;
    private long count;

    synchronized void add(double z) {
      count++;
      value += (z - value) * Math.max(WEIGHT, 1.0 / count);
    }

    synchronized double value() {
      return value;
    }
  }
}
