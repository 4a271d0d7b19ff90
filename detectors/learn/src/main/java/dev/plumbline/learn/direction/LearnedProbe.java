package dev.plumbline.learn.direction;

import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.calibrate.Calibrated;
import dev.plumbline.core.calibrate.ScoreBaseline;
import dev.plumbline.core.residual.TapPoint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A probe, calibrated, and what its choice rested on.
 *
 * @param probe to score with
 * @param calibrated that probe's thresholds, and the aligned scores they rest on
 * @param points its tap points
 * @param ridge its λ
 * @param crossValidated out-of-fold z of each training answer, in their order; read only
 * @param choices within-model, within-prompt AUROC (across prompts where too few have both
 *     outcomes) out of fold of each candidate
 * @param separates false where the slope from z to score had to be made up, because larger z was
 *     not worse on held-out prompts: a null result
 */
public record LearnedProbe(
    Probe probe,
    Calibrated calibrated,
    List<TapPoint> points,
    double ridge,
    double[] crossValidated,
    Map<List<TapPoint>, Double> choices,
    boolean separates) {
  public LearnedProbe {
    points = List.copyOf(points);
    choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
  }

  /** From z to a verdict. */
  public Calibration calibration() {
    return calibrated.calibration();
  }

  /** What traffic's scores are held against. */
  public ScoreBaseline baseline() {
    return calibrated.baseline();
  }
}
