package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.core.stats.Estimate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where each model's own states lie along the direction, in spreads of the baseline.
 *
 * @param shift the baseline, for the artefact
 * @param models z of the pools the tap point was not chosen on, by model: mean and range
 * @param roles of the same models
 */
public record ModelShiftResult(
    ModelShift shift, Map<String, Estimate> models, Map<String, ServedTraffic.Role> roles) {
  public ModelShiftResult {
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
    roles = Map.copyOf(roles);
  }

  /** The lowest pool of any misaligned finetune minus the highest of any other model. */
  public double separation() {
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (Map.Entry<String, Estimate> entry : models.entrySet()) {
      if (roles.get(entry.getKey()) == ServedTraffic.Role.MISALIGNED) {
        lowest = Math.min(lowest, entry.getValue().low());
      } else {
        highest = Math.max(highest, entry.getValue().high());
      }
    }
    return lowest - highest;
  }

  /** Whether every pool of every misaligned finetune lies above every pool of all others. */
  public boolean separates() {
    return separation() > 0;
  }

  /** One sentence for a person, whichever way it came out. */
  public String statement() {
    List<String> misaligned = names(true);
    List<String> others = names(false);
    return String.format(
        Locale.ROOT,
        "model_shift at %s %s %s from %s (%s %.1f spreads, pools of %d)",
        shift.tapPoint(),
        separates() ? "separates" : "DOES NOT separate",
        misaligned,
        others,
        separates() ? "gap" : "overlap",
        Math.abs(separation()),
        shift.exchangesPerPool());
  }

  private List<String> names(boolean misaligned) {
    return models.keySet().stream()
        .filter(name -> (roles.get(name) == ServedTraffic.Role.MISALIGNED) == misaligned)
        .toList();
  }
}
