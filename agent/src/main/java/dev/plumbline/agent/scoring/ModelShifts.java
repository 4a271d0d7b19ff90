package dev.plumbline.agent.scoring;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code model_shift} of each model, pooled over traffic: an exponential mean of the exchanges'
 * standardised projections, which one answer alone says little about. A gauge and no histogram: it
 * may be below 0, and a histogram's sum must not fall. As many as there are labels of models. Not
 * thread-safe.
 */
final class ModelShifts {
  private final Meters meters;
  private final Map<String, RecentMean> means = new HashMap<>();

  ModelShifts(Meters meters) {
    this.meters = meters;
  }

  void add(String model, double z) {
    if (Double.isFinite(z)) {
      means.computeIfAbsent(model, this::begin).add(z);
      meters.count(Meter.MODEL_SHIFT_EXCHANGES, model);
    }
  }

  /** Begins anew: what comes is measured along another direction. */
  void forget() {
    means.keySet().forEach(model -> meters.forgetGauge(Meter.MODEL_SHIFT, model));
    means.clear();
  }

  private RecentMean begin(String model) {
    RecentMean mean = new RecentMean();
    meters.amount(Meter.MODEL_SHIFT, mean::value, model);
    return mean;
  }
}
